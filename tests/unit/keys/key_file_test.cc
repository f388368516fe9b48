#include "keys/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "codec/ids.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::keys {
namespace {

class KeyFileTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/tributary-keys-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  static std::string Read(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Write(const std::string& path, const std::string& text, mode_t mode = 0600) const {
    { std::ofstream(path) << text; }
    chmod(path.c_str(), mode);
  }
  static mode_t Mode(const std::string& path) {
    struct stat info {};
    stat(path.c_str(), &info);
    return info.st_mode & 07777;
  }

  std::string folder_;
};

const std::string kSeedHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

SigningKey Known() { return SigningKey::FromSeed("ada", Seed::From(*base::FromHex(kSeedHex))); }

TEST_F(KeyFileTest, FilesAreOneLineOfTheDocumentedForm) {
  ASSERT_TRUE(Known().Save(Path("ada.key")).ok());
  EXPECT_EQ(Read(Path("ada.key")), "tributary-key-v1 ada " + kSeedHex + "\n");
  EXPECT_EQ(Read(Path("ada.key.pub")),
            "tributary-pub-v1 ada "
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8\n");
}

TEST_F(KeyFileTest, OnlyTheOwnerMayReadTheSecretWhateverTheUmask) {
  const mode_t old = umask(0);
  const absl::Status saved = Known().Save(Path("ada.key"));
  umask(old);
  ASSERT_TRUE(saved.ok());
  EXPECT_EQ(Mode(Path("ada.key")), 0600u);
}

TEST_F(KeyFileTest, WhatIsSavedIsLoaded) {
  const SigningKey made = SigningKey::Generate("team/ada");
  ASSERT_TRUE(made.Save(Path("k")).ok());
  const auto loaded = SigningKey::Load(Path("k"));
  ASSERT_TRUE(loaded.ok()) << base::Message(loaded.status());
  EXPECT_EQ(loaded->handle(), "team/ada");
  EXPECT_EQ(loaded->public_key(), made.public_key());
  EXPECT_EQ(loaded->Sign(base::AsBytes("m")), made.Sign(base::AsBytes("m")));
  const auto open = LoadPublicKey(Path("k.pub"));
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(open->key, made.public_key());
  EXPECT_EQ(open->handle, "team/ada");
}

TEST_F(KeyFileTest, AnExistingFileIsNeverOverwritten) {
  ASSERT_TRUE(Known().Save(Path("k")).ok());
  const std::string before = Read(Path("k"));
  EXPECT_EQ(SigningKey::Generate("bob").Save(Path("k")).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read(Path("k")), before);
  EXPECT_FALSE(std::filesystem::exists(Path("k.new")));
}

TEST_F(KeyFileTest, AFileOpenToOthersIsRefusedWithTheCure) {
  ASSERT_TRUE(Known().Save(Path("k")).ok());
  for (const mode_t mode : {0640, 0604, 0660, 0610}) {
    chmod(Path("k").c_str(), mode);
    const auto loaded = SigningKey::Load(Path("k"));
    EXPECT_EQ(loaded.status().code(), absl::StatusCode::kPermissionDenied) << std::oct << mode;
    EXPECT_NE(base::Message(loaded.status()).find("chmod 600 " + Path("k")), std::string::npos);
  }
  chmod(Path("k").c_str(), 0400);
  EXPECT_TRUE(SigningKey::Load(Path("k")).ok());
}

TEST_F(KeyFileTest, AMissingFileIsNotFound) {
  EXPECT_EQ(SigningKey::Load(Path("none")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LoadPublicKey(Path("none")).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(KeyFileTest, AnythingButTheOneLineIsRefusedWithoutShowingTheSeed) {
  const std::string good = "tributary-key-v1 ada " + kSeedHex + "\n";
  const std::string bad[] = {"",
                             "\n",
                             "tributary-key-v1",
                             "tributary-key-v1 ",
                             "tributary-key-v1 ada\n",
                             "tributary-key-v2 ada " + kSeedHex + "\n",
                             "tributary-key-v1 Ada " + kSeedHex + "\n",
                             "tributary-key-v1 ada " + kSeedHex,
                             good + "\n",
                             good + good,
                             " " + good,
                             "tributary-key-v1  ada " + kSeedHex + "\n",
                             "tributary-key-v1 ada " + kSeedHex + "00\n",
                             "tributary-key-v1 ada " + kSeedHex.substr(2) + "\n",
                             "tributary-key-v1 ada " + kSeedHex.substr(1) + "g\n",
                             "tributary-pub-v1 ada " + kSeedHex + "\n",
                             std::string(600, 'x')};
  for (const std::string& text : bad) {
    Write(Path("k"), text);
    const auto loaded = SigningKey::Load(Path("k"));
    ASSERT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(base::Message(loaded.status()).find("0102030405"), std::string::npos);
  }
}

TEST_F(KeyFileTest, AFolderIsNoKeyFile) {
  std::filesystem::create_directory(Path("d"));
  chmod(Path("d").c_str(), 0700);
  EXPECT_EQ(SigningKey::Load(Path("d")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(KeyFileTest, TwoGeneratedKeysDiffer) {
  EXPECT_NE(SigningKey::Generate("a").public_key(), SigningKey::Generate("a").public_key());
}

TEST(SeedTest, AMovedFromSeedIsWiped) {
  Seed seed = Seed::Random();
  const Seed other = std::move(seed);
  for (const uint8_t byte : seed.view()) EXPECT_EQ(byte, 0);  // NOLINT: that is the promise
  EXPECT_EQ(other.view().size(), 32u);
}

TEST(SigningKeyTest, PossessionIsBoundToChainAndAccount) {
  const SigningKey key = Known();
  const base::AccountId account = codec::AccountIdOf(base::AsBytes("registration"));
  const base::SignatureBytes proof = key.SignPossession("dev", account);
  const auto verifies = [&](std::string_view chain, const base::AccountId& who) {
    return crypto::Verify(key.public_key(),
                          base::AsBytes(codec::PossessionMessage(chain, who, key.public_key())),
                          proof);
  };
  EXPECT_TRUE(verifies("dev", account));
  EXPECT_FALSE(verifies("prod", account));
  EXPECT_FALSE(verifies("dev", codec::AccountIdOf(base::AsBytes("other"))));
}

}  // namespace
}  // namespace tributary::keys
