#include "keys/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "codec/ids.h"
#include "codec/text.h"
#include "keys/random.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::keys {
namespace {

constexpr std::string_view kSecretWord = "tributary-key-v1";
constexpr std::string_view kPublicWord = "tributary-pub-v1";
constexpr size_t kFileBytesMax = 512;

absl::Status Fault(int error, const std::string& what, const std::string& path) {
  absl::StatusCode code = absl::StatusCode::kInternal;
  if (error == ENOENT) code = absl::StatusCode::kNotFound;
  if (error == EACCES || error == EPERM) code = absl::StatusCode::kPermissionDenied;
  if (error == EEXIST) code = absl::StatusCode::kAlreadyExists;
  return base::MakeStatus(code, what + " " + path + ": " + std::strerror(error));
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Text that held a secret: wiped when it goes. Reserved in full at once, so that it never moves.
class SecretText {
 public:
  SecretText() { text_.reserve(kFileBytesMax + 1); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText() {
    text_.resize(kFileBytesMax + 1);  // within the reserved space
    crypto::Wipe(text_.data(), text_.size());
  }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

absl::Status WriteAll(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t wrote = write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return Fault(wrote < 0 ? errno : EIO, "cannot write", path);
    text.remove_prefix(static_cast<size_t>(wrote));
  }
  if (fsync(fd) != 0) return Fault(errno, "cannot sync", path);
  return absl::OkStatus();
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status SyncFolder(const std::string& path) {
  const Descriptor folder(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) {
    return Fault(errno, "cannot sync the folder of", path);
  }
  return absl::OkStatus();
}

// Gives the whole file its name at once, and never over another file.
absl::Status Publish(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return absl::OkStatus();
  }
  if (errno != EINVAL) return Fault(errno, "cannot create", to);
  // A file system without RENAME_NOREPLACE: a hard link does not overwrite either.
  if (link(from.c_str(), to.c_str()) != 0) return Fault(errno, "cannot create", to);
  unlink(from.c_str());
  return absl::OkStatus();
}

absl::Status WriteNew(const std::string& path, std::string_view text, mode_t mode) {
  struct stat unused;
  if (lstat(path.c_str(), &unused) == 0) return Fault(EEXIST, "will not overwrite", path);
  const std::string temporary = path + ".new";
  {
    const Descriptor file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.get() < 0) return Fault(errno, "cannot create", temporary);
    if (absl::Status status = WriteAll(file.get(), text, temporary); !status.ok()) {
      unlink(temporary.c_str());
      return status;
    }
  }
  if (absl::Status status = Publish(temporary, path); !status.ok()) {
    unlink(temporary.c_str());
    return status;
  }
  return SyncFolder(path);
}

absl::Status CheckPrivate(int fd, const std::string& path) {
  struct stat info;
  if (fstat(fd, &info) != 0) return Fault(errno, "cannot inspect", path);
  if (!S_ISREG(info.st_mode)) return base::InvalidArgument(path + " is not a regular file");
  if ((info.st_mode & 077) == 0) return absl::OkStatus();
  return base::MakeStatus(absl::StatusCode::kPermissionDenied,
                          "the key file " + path + " is open to others: run chmod 600 " + path);
}

// At most kFileBytesMax bytes: no key file is longer.
absl::Status ReadSmall(int fd, const std::string& path, std::string& out) {
  out.resize(kFileBytesMax + 1);
  size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = read(fd, out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fault(errno, "cannot read", path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > kFileBytesMax) return base::InvalidArgument(path + " is too long to be a key file");
  out.resize(size);
  return absl::OkStatus();
}

absl::Status BadFormat(const std::string& path, std::string_view word) {
  return base::InvalidArgument(path + " is not a key file: expected one line `" +
                               std::string(word) + " HANDLE 64-HEX-DIGITS`");
}

struct Line {
  std::string handle;
  std::array<uint8_t, 32> bytes{};
};

std::optional<Line> ParseLine(std::string_view text, std::string_view word) {
  if (text.substr(0, word.size()) != word) return std::nullopt;
  text.remove_prefix(word.size());
  if (text.empty() || text.front() != ' ' || text.back() != '\n') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view handle = text.substr(0, space);
  auto bytes = base::FromHex(text.substr(space + 1));
  if (!codec::IsHandle(handle) || !bytes || bytes->size() != 32) {
    if (bytes) crypto::Wipe(bytes->data(), bytes->size());
    return std::nullopt;
  }
  Line line;
  line.handle = std::string(handle);
  std::memcpy(line.bytes.data(), bytes->data(), line.bytes.size());
  crypto::Wipe(bytes->data(), bytes->size());
  return line;
}

void AppendHexDigits(std::string& out, base::Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const uint8_t byte : bytes) {
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
}

}  // namespace

Seed Seed::Random() {
  Seed seed;
  FillRandom(seed.bytes_);
  return seed;
}

Seed Seed::From(base::Bytes bytes) {
  TRIBUTARY_CHECK(bytes.size() == crypto::kSeedBytes, "a seed is 32 bytes");
  Seed seed;
  std::memcpy(seed.bytes_.data(), bytes.data(), bytes.size());
  return seed;
}

Seed::Seed(Seed&& other) noexcept : bytes_(other.bytes_) {
  crypto::Wipe(other.bytes_.data(), other.bytes_.size());
}

Seed& Seed::operator=(Seed&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  crypto::Wipe(other.bytes_.data(), other.bytes_.size());
  return *this;
}

Seed::~Seed() { crypto::Wipe(bytes_.data(), bytes_.size()); }

SigningKey::SigningKey(std::string handle, Seed seed)
    : handle_(std::move(handle)),
      seed_(std::move(seed)),
      pair_(crypto::KeyPair::FromSeed(seed_.view())) {}

SigningKey SigningKey::FromSeed(std::string handle, Seed seed) {
  TRIBUTARY_CHECK(codec::IsHandle(handle), "a key belongs to a handle");
  return SigningKey(std::move(handle), std::move(seed));
}

SigningKey SigningKey::Generate(std::string handle) {
  return FromSeed(std::move(handle), Seed::Random());
}

absl::StatusOr<SigningKey> SigningKey::Load(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Fault(errno, "cannot open the key file", path);
  TRIBUTARY_RETURN_IF_ERROR(CheckPrivate(file.get(), path));
  SecretText secret;
  TRIBUTARY_RETURN_IF_ERROR(ReadSmall(file.get(), path, secret.text()));
  return Parse(secret.text(), path);
}

absl::StatusOr<SigningKey> SigningKey::Parse(std::string_view text, const std::string& path) {
  auto line = ParseLine(text, kSecretWord);
  if (!line) return BadFormat(path, kSecretWord);
  Seed seed = Seed::From(line->bytes);
  crypto::Wipe(line->bytes.data(), line->bytes.size());
  return FromSeed(std::move(line->handle), std::move(seed));
}

absl::Status SigningKey::Save(const std::string& path) const {
  SecretText secret;
  secret.text().append(kSecretWord).append(" ").append(handle_).append(" ");
  AppendHexDigits(secret.text(), seed_.view());
  secret.text().push_back('\n');
  TRIBUTARY_RETURN_IF_ERROR(WriteNew(path, secret.text(), 0600));
  const std::string open_text =
      std::string(kPublicWord) + " " + handle_ + " " + base::ToHex(public_key().bytes) + "\n";
  return WriteNew(path + ".pub", open_text, 0644);
}

base::SignatureBytes SigningKey::SignPossession(std::string_view chain_id,
                                                const base::AccountId& account) const {
  return Sign(base::AsBytes(codec::PossessionMessage(chain_id, account, public_key())));
}

absl::StatusOr<PublicKeyFile> LoadPublicKey(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Fault(errno, "cannot open the public key file", path);
  std::string text;
  TRIBUTARY_RETURN_IF_ERROR(ReadSmall(file.get(), path, text));
  return ParsePublicKey(text, path);
}

absl::StatusOr<PublicKeyFile> ParsePublicKey(std::string_view text, const std::string& path) {
  auto line = ParseLine(text, kPublicWord);
  if (!line) return BadFormat(path, kPublicWord);
  return PublicKeyFile{std::move(line->handle), base::PublicKey{line->bytes}};
}

}  // namespace tributary::keys
