#include "cli/context.h"

#include <utility>

#include "cli/json_text.h"
#include "cli/parse.h"
#include "tributary/base/check.h"

namespace tributary::cli {

Context::Context(Settings settings, Values values, std::ostream& out, std::ostream& progress)
    : settings_(std::move(settings)), values_(std::move(values)), out_(out), progress_(progress) {}

std::string Context::Text(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() || it->second.empty() ? std::string() : it->second.front();
}

uint64_t Context::Number(std::string_view name) const {
  const std::string text = Text(name);
  if (text.empty()) return 0;
  const auto number = ParseNumber(text);
  TRIBUTARY_CHECK(number.has_value(), "numbers are checked when the command line is read");
  return *number;
}

std::vector<std::string> Context::List(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

void Context::Progress(const std::string& line) {
  if (!settings_.quiet) progress_ << line << std::endl;
}

client::Client& Context::node() {
  if (!node_) {
    client::ClientOptions options;
    options.address = settings_.node;
    options.deadline_ms = settings_.deadline_ms;
    options.retry_for_ms = settings_.deadline_ms;
    node_ = std::make_unique<client::Client>(options);
  }
  return *node_;
}

void Context::PrintJson(const google::protobuf::Message& message) {
  out_ << ToJson(message) << "\n";
}

}  // namespace tributary::cli
