#include "fuzz/support/reached.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "tributary/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace tributary::fuzz {
namespace {

namespace fs = std::filesystem;

// Whether each label was reached.
std::map<std::string, bool, std::less<>>& Labels() {
  static std::map<std::string, bool, std::less<>> labels = [] {
    std::map<std::string, bool, std::less<>> made;
    for (std::string& label : Required()) made.emplace(std::move(label), false);
    return made;
  }();
  return labels;
}

std::string& FirstOfInput() {
  static std::string label;
  return label;
}

enum class Keep { kUnknown, kNo, kYes };
Keep& Keeping() {
  static Keep keep = Keep::kUnknown;
  return keep;
}

// What the files that are kept already reach is nothing new.
void BeginKeeping() {
  const char* directory = std::getenv("TRIBUTARY_FUZZ_KEEP");
  Keeping() = Keep::kNo;
  if (directory == nullptr || !fs::is_directory(directory)) return;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)),
                                  std::istreambuf_iterator<char>());
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  Keeping() = Keep::kYes;
}

std::string FileName(std::string_view label) {
  std::string name;
  for (const char c : label) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name.substr(0, 60);
}

}  // namespace

void Reached(std::string_view label) {
  const auto found = Labels().find(label);
  if (found == Labels().end()) {
    std::fprintf(stderr, "not in the target's list: %.*s\n", static_cast<int>(label.size()),
                 label.data());
    std::abort();
  }
  if (found->second) return;
  found->second = true;
  if (FirstOfInput().empty()) FirstOfInput() = label;
}

void Reached(const base::Rejection& rejection, std::string_view prefix) {
  const std::string label = std::string(prefix) + std::string(base::Describe(rejection.code).name);
  if (Labels().contains(label)) Reached(label);
}

void ReachedText(const absl::Status& status) {
  const std::string text(status.message().data(), status.message().size());
  bool known = false;
  for (const auto& [label, reached] : Labels()) {
    if (text.find(label) == std::string::npos) continue;
    Reached(label);
    known = true;
  }
  if (!known) Reached(text);
}

std::vector<std::string> Missing() {
  std::vector<std::string> out;
  for (const auto& [label, reached] : Labels()) {
    if (!reached) out.push_back(label);
  }
  return out;
}

Input::Input(const uint8_t* data, size_t size) : bytes_(reinterpret_cast<const char*>(data), size) {
  if (Keeping() == Keep::kUnknown) BeginKeeping();
  FirstOfInput().clear();
}

Input::~Input() {
  if (Keeping() != Keep::kYes || FirstOfInput().empty()) return;
  const fs::path file = fs::path(std::getenv("TRIBUTARY_FUZZ_KEEP")) / FileName(FirstOfInput());
  std::ofstream(file, std::ios::binary) << bytes_;
}

}  // namespace tributary::fuzz
