#include "daemon/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <string>

#include "daemon/toml_document.h"
#include "keys/key_file.h"
#include "support/paths.h"
#include "tributary/base/status.h"

namespace tributary::daemon {

void PrintTo(const ConfigKey& key, std::ostream* to) { *to << key.name; }

namespace {

// `value` for the key as a file, with a line of comment above.
std::string File(const ConfigKey& key, const std::string& value) {
  const size_t dot = key.name.find('.');
  if (dot == std::string_view::npos) return "# one\n" + std::string(key.name) + " = " + value;
  return "[" + std::string(key.name.substr(0, dot)) + "]\n" +
         std::string(key.name.substr(dot + 1)) + " = " + value;
}

bool Accepts(const ConfigKey& key, const std::string& value) {
  const auto config = ParseConfig(File(key, value), "test.toml");
  if (config.ok()) return true;
  const std::string message(base::Message(config.status()));
  EXPECT_EQ(message.find("test.toml, line 2: key '" + std::string(key.name)), 0u) << message;
  return false;
}

// A key file in a directory of its own.
class TestKey {
 public:
  TestKey() {
    std::string name = (std::filesystem::temp_directory_path() / "tributary-key-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    directory_ = name;
    EXPECT_TRUE(keys::SigningKey::Generate("log").Save(path()).ok());
  }
  ~TestKey() { std::filesystem::remove_all(directory_); }
  std::string path() const { return directory_ + "/log.key"; }

 private:
  std::string directory_;
};

class ConfigKeyTest : public ::testing::TestWithParam<ConfigKey> {};

TEST_P(ConfigKeyTest, BadValuesAreRefusedNamingFileLineAndKey) {
  const ConfigKey& key = GetParam();
  EXPECT_FALSE(Accepts(key, "1.5"));
  EXPECT_FALSE(Accepts(key, "true"));
  EXPECT_FALSE(Accepts(key, "[1]"));
  switch (key.type) {
    case KeyType::kNumber:
      EXPECT_FALSE(Accepts(key, "\"7\""));
      EXPECT_FALSE(Accepts(key, "-1"));
      if (key.min > 0) {
        EXPECT_FALSE(Accepts(key, std::to_string(key.min - 1)));
      }
      EXPECT_FALSE(Accepts(key, std::to_string(key.max + 1)));
      break;
    case KeyType::kPath: EXPECT_FALSE(Accepts(key, "\"\"")); break;
    case KeyType::kAddress: EXPECT_FALSE(Accepts(key, "\"\"")); [[fallthrough]];
    case KeyType::kOptionalAddress:
      EXPECT_FALSE(Accepts(key, "\"0.0.0.0:7400\""));
      EXPECT_FALSE(Accepts(key, "\"127.0.0.1\""));
      EXPECT_FALSE(Accepts(key, "\"127.0.0.1:70000\""));
      break;
    case KeyType::kChoice:
      EXPECT_FALSE(Accepts(key, "\"\""));
      EXPECT_FALSE(Accepts(key, "\"loud\""));
      break;
    case KeyType::kKeyFile: {
      EXPECT_FALSE(Accepts(key, "7"));
      EXPECT_FALSE(Accepts(key, "\"/no/such/file\""));
      const TestKey file;
      EXPECT_FALSE(Accepts(key, "\"" + file.path() + ".pub\"")) << "malformed";
      ASSERT_EQ(chmod(file.path().c_str(), 0640), 0);
      EXPECT_FALSE(Accepts(key, "\"" + file.path() + "\"")) << "wrong mode";
      break;
    }
  }
}

TEST_P(ConfigKeyTest, GoodValuesOnBothEndsAreTaken) {
  const ConfigKey& key = GetParam();
  if (const auto* field = std::get_if<uint64_t Config::*>(&key.field)) {
    for (const uint64_t value : {key.min, key.max}) {
      // Alone; whether it goes with the other keys' defaults is another question.
      const auto config = ParseConfig(File(key, std::to_string(value)), "test.toml");
      if (config.ok()) {
        EXPECT_EQ((*config).**field, value);
      } else {
        const std::string message(base::Message(config.status()));
        EXPECT_NE(message.find("above"), std::string::npos) << message;
      }
    }
    return;
  }
  const TestKey file;
  std::string value = "127.0.0.1:9";
  if (key.type == KeyType::kChoice) {
    value = std::string(key.choices.substr(key.choices.rfind(' ') + 1));
  } else if (key.type == KeyType::kKeyFile) {
    value = file.path();
  }
  const auto config = ParseConfig(File(key, "\"" + value + "\""), "test.toml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config).*std::get<std::string Config::*>(key.field), value);
}

INSTANTIATE_TEST_SUITE_P(EveryKey, ConfigKeyTest,
                         ::testing::ValuesIn(ConfigKeys().begin(), ConfigKeys().end()),
                         [](const auto& parameter) {
                           std::string name(parameter.param.name);
                           for (char& c : name) c = c == '.' ? '_' : c;
                           return name;
                         });

TEST(ConfigTest, AnUnknownKeyIsRefusedNamingItsLine) {
  const auto config = ParseConfig("[grpc]\nlisten = \"127.0.0.1:1\"\nlisen = 1\n", "c.toml");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(base::Message(config.status()),
            "c.toml, line 3: key 'grpc.lisen': there is no such key");
}

TEST(ConfigTest, WhatIsNotTomlIsRefusedNamingItsLine) {
  const auto config = ParseConfig("[grpc]\nlisten 7\n", "c.toml");
  ASSERT_FALSE(config.ok());
  EXPECT_NE(base::Message(config.status()).find("c.toml, line 2"), std::string::npos);
}

std::string ErrorOf(std::string_view text) {
  const auto config = ParseConfig(text, "c.toml");
  return config.ok() ? "" : std::string(base::Message(config.status()));
}

TEST(ConfigTest, ATableWithoutANameIsRefused) {
  for (const char* text : {"[.grpc]\n", "[=]\n", "[[.grpc]]\n", "[\x01]\n"}) {
    EXPECT_EQ(ErrorOf(text).find("c.toml, line 1"), 0u) << text;
  }
}

TEST(ConfigTest, OnlyTextsAndCommentsHoldMoreThanAscii) {
  const char* const kStray =
      "c.toml, line 2: a character that is not ASCII stands outside of quotes and comments";
  EXPECT_EQ(ErrorOf("# \xc3\xa9\n\xc3\xa9 = 1\n"), kStray);
  EXPECT_EQ(ErrorOf("[log] # \"\nlevel = \"info\" \xef\xb7\xb7\n"), kStray);
  EXPECT_EQ(ErrorOf("\xef\xbb\xbf"
                    "data_dir = \"/\xc3\xa9\\\"\xc3\xa9\" # \xc3\xa9\n"),
            "");
  EXPECT_EQ(ErrorOf("data_dir = '\xc3\xa9'\n"), "");
  EXPECT_EQ(ErrorOf("data_dir = \"\"\"\n\xc3\xa9\"\xc3\xa9\"\"\"\n"), "");
}

TEST(ConfigTest, CombinationsThatCannotBeAreRefusedNamingLinesAndKeys) {
  EXPECT_EQ(ErrorOf("[mempool]\nbytes_max = 65535\n"),
            "c.toml: 'block.bytes_max' (default 8388608) is above 'mempool.bytes_max' (line 2): no "
            "block could ever be so large");
  EXPECT_EQ(ErrorOf("[mempool]\nbytes_max = 65535\n[block]\nbytes_max = 65535\n"), "");
  EXPECT_EQ(ErrorOf("[mempool]\ntransactions_max = 9\n\n[block]\ntransactions_max = 10\n"),
            "c.toml: 'block.transactions_max' (line 5) is above 'mempool.transactions_max' (line "
            "2): no block could ever be so large");
  EXPECT_EQ(ErrorOf("[mempool]\ntransactions_max = 10000\n"), "");
}

TEST(ConfigTest, TwoListenersOnOneAddressAreRefusedNamingLinesAndKeys) {
  EXPECT_EQ(ErrorOf("[operations]\nlisten = \"127.0.0.1:7400\"\n"),
            "c.toml: 'grpc.listen' (default \"127.0.0.1:7400\") and 'operations.listen' (line 2) "
            "are both 127.0.0.1:7400: each needs its own");
  EXPECT_EQ(ErrorOf("[operations]\nlisten = \"127.0.0.1:9\"\n[tiles]\nlisten = \"localhost:9\"\n"),
            "c.toml: 'operations.listen' (line 2) and 'tiles.listen' (line 4) are both "
            "127.0.0.1:9: each needs its own")
      << "two names of one address";
  EXPECT_EQ(ErrorOf("[operations]\nlisten = \"127.0.0.1:0\"\n[tiles]\nlisten = \"127.0.0.1:0\"\n"),
            "");
}

TEST(ConfigTest, AnAddressOffTheMachineIsRefusedForItNeedsTls) {
  for (const char* section : {"grpc", "operations", "tiles"}) {
    const std::string error =
        ErrorOf("[" + std::string(section) + "]\nlisten = \"192.0.2.1:7400\"\n");
    EXPECT_EQ(error.find("c.toml, line 2: key '" + std::string(section) + ".listen'"), 0u) << error;
    EXPECT_NE(error.find("TLS"), std::string::npos) << error;
  }
}

TEST(ConfigTest, TheExampleHoldsTheDefaultsAndIsTheOneInTheRepository) {
  const auto config = ParseConfig(ExampleConfig(), "example");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(*config, Config());
  const auto file = ReadFile(testing::SourceDir() + "/config/tributaryd.example.toml");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(*file, ExampleConfig()) << "run `tributaryd config example`";
}

TEST(ConfigTest, TheManualHoldsTheTableOfKeys) {
  const auto file = ReadFile(testing::SourceDir() + "/docs/operations.md");
  ASSERT_TRUE(file.ok());
  EXPECT_NE(file->find(ConfigMarkdown()), std::string::npos) << "run `tributaryd config table`";
}

}  // namespace
}  // namespace tributary::daemon
