#include "cli/reservation_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "cli/exit_code.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr std::string_view kStart = "tributary-reservation-v1 ";
constexpr size_t kDigits = 64;
constexpr size_t kFileBytes = kStart.size() + 2 * kDigits + 2;  // a space and a line feed

}  // namespace

absl::Status WriteReservation(const std::string& path, const Reservation& reservation) {
  const std::string text = std::string(kStart) + base::ToHex(reservation.content_sha256.bytes) +
                           " " + base::ToHex(reservation.salt.bytes) + "\n";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return base::Internal("cannot make " + path + ": " + std::strerror(errno));
  const bool good = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    fsync(file) == 0;
  close(file);
  return good ? absl::OkStatus() : base::Internal("cannot write " + path);
}

absl::StatusOr<Reservation> ParseReservation(std::string_view text, const std::string& path) {
  const auto wrong = [&path] { return UsageError(path + " is no reservation"); };
  if (text.size() != kFileBytes || !text.starts_with(kStart) || text.back() != '\n') return wrong();
  text.remove_prefix(kStart.size());
  const auto content = base::DigestFromHex<base::Hash>(text.substr(0, kDigits));
  const auto salt = base::DigestFromHex<base::Hash>(text.substr(kDigits + 1, kDigits));
  if (text[kDigits] != ' ' || !content || !salt) return wrong();
  return Reservation{*content, *salt};
}

absl::StatusOr<Reservation> ReadReservation(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::NotFound("cannot open " + path);
  std::string text(kFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  return ParseReservation(text, path);
}

}  // namespace tributary::cli
