#include "daemon/config.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "daemon/toml_document.h"
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
  // Whatever is wrong with one value, the message says where; combinations name both keys.
  EXPECT_NE(message.find("test.toml"), std::string::npos) << message;
  EXPECT_NE(message.find("'" + std::string(key.name)), std::string::npos) << message;
  return false;
}

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
    case KeyType::kText: EXPECT_FALSE(Accepts(key, "7")); break;
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
  const std::string value = key.type == KeyType::kChoice
                                ? std::string(key.choices.substr(key.choices.rfind(' ') + 1))
                                : "127.0.0.1:9";
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

TEST(ConfigTest, CombinationsThatCannotBeAreRefused) {
  EXPECT_FALSE(ParseConfig("[mempool]\nbytes_max = 65535\n", "c").ok());
  EXPECT_TRUE(ParseConfig("[mempool]\nbytes_max = 65535\n[block]\nbytes_max = 65535\n", "c").ok());
  EXPECT_FALSE(ParseConfig("[mempool]\ntransactions_max = 9999\n", "c").ok());
  EXPECT_TRUE(ParseConfig("[mempool]\ntransactions_max = 10000\n", "c").ok());
  EXPECT_FALSE(ParseConfig("[operations]\nlisten = \"127.0.0.1:7400\"\n", "c").ok());
  EXPECT_TRUE(ParseConfig("[operations]\nlisten = \"127.0.0.1:0\"\n[tiles]\nlisten = "
                          "\"127.0.0.1:0\"\n",
                          "c")
                  .ok());
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
