// The layering of docs/architecture.md holds in the tree, and the check that says so can fail.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gtest/gtest.h"
#include "support/paths.h"
#include "unit/base/layer_rules.h"

namespace tributary::layers {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Table Architecture() {
  return ParseArchitecture(ReadFile(fs::path(testing::SourceDir()) / "docs/architecture.md"));
}

bool IsChecked(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".h" || extension == ".cc" || extension == ".def" || extension == ".inc" ||
         path.filename() == "CMakeLists.txt";
}

// Paths below src/ and include/tributary/, relative to the project, sorted.
std::vector<std::string> SourceFiles() {
  const fs::path root(testing::SourceDir());
  std::vector<std::string> files;
  for (const char* top : {"src", "include/tributary"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string path = fs::relative(entry.path(), root).generic_string();
      if (entry.is_regular_file() && IsChecked(entry.path()) && path != "src/CMakeLists.txt") {
        files.push_back(path);
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(LayersTest, TheTableInTheDocumentationCanBeRead) {
  const Table table = Architecture();
  EXPECT_TRUE(table.errors.empty()) << table.errors.front();
  ASSERT_GE(table.rows.size(), 16u);
  EXPECT_EQ(table.rows.front().folders, std::vector<std::string>{"base"});
  EXPECT_EQ(table.rows.back().folders, (std::vector<std::string>{"cli", "daemon"}));
  ASSERT_EQ(table.bans.size(), 2u);
  EXPECT_EQ(table.bans[0].from, "audit");
  EXPECT_EQ(table.bans[0].banned, (std::vector<std::string>{"node", "consensus", "api"}));
  EXPECT_EQ(table.bans[1].from, "client");
  for (const Row& row : table.rows) {
    const bool above = row.folders.front() == "keys" || row.folders.front() == "storage";
    EXPECT_FALSE(above && row.pure) << row.folders.front();
    if (row.folders.front() == "index") {
      EXPECT_TRUE(row.pure);
    }
  }
}

TEST(LayersTest, EveryFolderKeepsToItsRow) {
  const Table table = Architecture();
  const std::vector<std::string> files = SourceFiles();
  ASSERT_GT(files.size(), 10u);
  for (const std::string& path : files) {
    for (const Violation& violation :
         CheckFile(table, path, ReadFile(fs::path(testing::SourceDir()) / path))) {
      ADD_FAILURE() << violation.ToString();
    }
  }
}

// -----------------------------------------------------------------------------------------------
// Planted violations

std::vector<std::string> Check(const std::string& path, std::string_view content) {
  static const Table kTable = Architecture();
  std::vector<std::string> out;
  for (const Violation& violation : CheckFile(kTable, path, content)) {
    out.push_back(violation.ToString());
  }
  return out;
}

void ExpectOne(const std::string& path, std::string_view content, const std::string& start) {
  const std::vector<std::string> found = Check(path, content);
  ASSERT_EQ(found.size(), 1u) << content << "\n" << ::testing::PrintToString(found);
  EXPECT_EQ(found[0].substr(0, start.size()), start);
}

void ExpectNone(const std::string& path, std::string_view content) {
  const std::vector<std::string> found = Check(path, content);
  EXPECT_TRUE(found.empty()) << content << "\n" << ::testing::PrintToString(found);
}

TEST(LayerRulesTest, AnIncludeFromAboveIsCaughtWithFileAndLine) {
  ExpectOne("src/codec/x.cc", "#include <string>\n\n#include \"state/machine.h\"\n",
            "src/codec/x.cc:3: #include \"state/machine.h\": row 'codec' may not use 'state'");
  ExpectOne("include/tributary/merkle/x.h", "#include \"tributary/lineage/graph.h\"\n",
            "include/tributary/merkle/x.h:1: #include \"tributary/lineage/graph.h\": row 'merkle'");
  ExpectOne("src/codec/x.cc", "  #  include <state/machine.h>\n", "src/codec/x.cc:1: #include");
}

TEST(LayerRulesTest, AnIncludeFromBelowOrFromTheOwnFolderIsAllowed) {
  ExpectNone("src/state/x.cc",
             "#include \"state/x.h\"\n#include \"codec/reader.h\"\n"
             "#include \"tributary/base/types.h\"\n#include <vector>\n");
}

TEST(LayerRulesTest, FoldersOfOneRowMayNotIncludeEachOther) {
  ExpectOne("src/cli/x.cc", "#include \"daemon/x.h\"\n", "src/cli/x.cc:1: ");
  ExpectOne("src/daemon/x.cc", "#include \"cli/x.h\"\n", "src/daemon/x.cc:1: ");
}

TEST(LayerRulesTest, TheAuditorAndTheClientKeepAwayFromTheNode) {
  ExpectOne("src/audit/x.cc", "#include \"node/node.h\"\n",
            "src/audit/x.cc:1: #include \"node/node.h\": 'audit' never uses 'node'");
  ExpectOne("src/client/x.cc", "#include \"storage/store.h\"\n", "src/client/x.cc:1: ");
  ExpectNone("src/audit/x.cc", "#include \"storage/log_reader.h\"\n");
}

TEST(LayerRulesTest, IncludesAreWrittenFromTheRoots) {
  ExpectOne("src/state/x.cc", "#include \"machine.h\"\n",
            "src/state/x.cc:1: write includes from the roots");
  ExpectOne("src/state/x.cc", "#include \"tributary/nowhere/x.h\"\n", "src/state/x.cc:1: ");
  ExpectOne("src/nowhere/x.cc", "", "src/nowhere/x.cc:1: the folder 'nowhere' is not in");
}

TEST(LayerRulesTest, ALibraryIsSeenOnlyByTheRowsThatNameIt) {
  ExpectNone("src/crypto/x.cc", "#include <sodium.h>\n#include <openssl/evp.h>\n");
  ExpectNone("src/storage/x.cc", "#include <rocksdb/db.h>\n");
  ExpectNone("src/api/x.cc",
             "#include <grpcpp/grpcpp.h>\n#include <boost/beast/http.hpp>\n"
             "#include \"tributary/v1/ledger.pb.h\"\n#include \"google/rpc/status.pb.h\"\n");
  ExpectNone("src/node/x.cc", "#include \"absl/status/status.h\"\n#include <sys/stat.h>\n");
  ExpectOne("src/keys/x.cc", "#include <sodium.h>\n", "src/keys/x.cc:1: row 'keys' may not");
  ExpectOne("src/state/x.cc", "#include \"openssl/evp.h\"\n", "src/state/x.cc:1: ");
  ExpectOne("src/node/x.cc", "#include <rocksdb/db.h>\n", "src/node/x.cc:1: row 'node' may not");
  ExpectOne("src/node/x.cc", "#include <grpcpp/grpcpp.h>\n", "src/node/x.cc:1: ");
  ExpectOne("src/storage/x.cc", "#include <boost/asio.hpp>\n", "src/storage/x.cc:1: ");
  ExpectOne("src/api/x.cc", "#include <curl/curl.h>\n", "src/api/x.cc:1: unknown library");
}

TEST(LayerRulesTest, GeneratedCodeStaysOutOfThePureRows) {
  for (const char* folder : {"base", "codec", "state", "index", "storage", "node"}) {
    const std::string path = std::string("src/") + folder + "/x.cc";
    ExpectOne(path, "#include \"tributary/v1/ledger.pb.h\"\n", path + ":1: row");
    ExpectOne(path, "#include \"google/protobuf/message.h\"\n", path + ":1: row");
  }
}

TEST(LayerRulesTest, EachBannedWordIsCaughtInPureRowsOnly) {
  for (const char* code : {"std::chrono::hours x;",
                           "auto t = std::time(nullptr);",
                           "auto t = time(nullptr);",
                           "x = ::time(&t);",
                           "srand(1);",
                           "int i = rand();",
                           "std::random_device d;",
                           "std::mt19937 g;",
                           "getenv(\"HOME\");",
                           "std::thread t;",
                           "std::mutex m;",
                           "std::unordered_map<int, int> m;",
                           "std::unordered_set<int> s;",
                           "float f;",
                           "double d;",
                           "auto x = 0.5;",
                           "auto x = 1e9;",
                           "std::cout << 1;",
                           "#include <iostream>",
                           "#include <fstream>",
                           "std::locale l;",
                           "std::atomic<int> a;",
                           "thread_local int t;",
                           "clock();",
                           "std::map<Node*, int> m;",
                           "std::set<const Node*> s;",
                           "#include <unistd.h>",
                           "randombytes_buf(x, 1);",
                           "std::tolower(c);",
                           "steady_clock c;"}) {
    for (const char* folder : {"base", "codec", "rewards", "state", "index"}) {
      const std::string path = std::string("src/") + folder + "/x.cc";
      const std::vector<std::string> found = Check(path, std::string("\n") + code + "\n");
      ASSERT_FALSE(found.empty()) << path << " " << code;
      EXPECT_EQ(found[0].substr(0, path.size() + 3), path + ":2:") << code;
    }
    ExpectNone("src/daemon/x.cc", code);
  }
}

TEST(LayerRulesTest, WordsInCommentsStringsAndOtherWordsAreNoViolation) {
  ExpectNone("src/state/x.cc",
             "// std::chrono, rand() and float are banned\n"
             "/* std::mutex\n   double */\n"
             "const char* a = \"time(nullptr) \\\" float\";\n"
             "const char* b = R\"x(double \" )\" float)x\";\n"
             "const char c = '\"'; int floats = 1'000'000; // double\n"
             "TimeMs time() const; auto t = header.time(); auto u = header->time();\n"
             "uint64_t randomness = 0x1e9; std::map<int, Node*> m; x = '\\''; y = 10;\n");
}

TEST(LayerRulesTest, LinesAreCountedThroughCommentsAndStrings) {
  ExpectOne("src/state/x.cc", "/* a\n b */ auto s = R\"(\n\n)\";\nint n = 1'000; double d;\n",
            "src/state/x.cc:5: pure row 'state' uses the banned word 'double'");
}

TEST(LayerRulesTest, NothingThrowsInAnyRow) {
  ExpectOne("src/api/x.cc", "throw 1;\n", "src/api/x.cc:1: nothing throws");
  ExpectOne("src/state/x.cc", "throw 1;\n", "src/state/x.cc:1: nothing throws");
  ExpectNone("src/api/x.cc", "try { F(); } catch (...) { return Fault(); }\n");
}

TEST(LayerRulesTest, AnExceptionHoldsForItsFolderAlone) {
  ExpectNone("src/lineage/x.cc", "#include <atomic>\nstd::atomic<uint32_t> published;\n");
  ExpectNone("src/crypto/x.cc", "thread_local Context context;\n");
  ExpectOne("src/rewards/x.cc", "std::atomic<int> a;\n", "src/rewards/x.cc:1: ");
  ExpectOne("src/lineage/x.cc", "std::mutex m;\n", "src/lineage/x.cc:1: ");
}

TEST(LayerRulesTest, LinkingFromAboveIsCaught) {
  ExpectNone("src/state/CMakeLists.txt",
             "tributary_row(state SOURCES a.cc\n  DEPENDS tributary_rewards tributary_codec)\n");
  ExpectOne("src/state/CMakeLists.txt",
            "tributary_row(state SOURCES a.cc\n  DEPENDS tributary_node)\n",
            "src/state/CMakeLists.txt:2: linking tributary_node: row 'state' may not use 'node'");
  ExpectOne("src/audit/CMakeLists.txt", "tributary_row(audit DEPENDS tributary_api)",
            "src/audit/CMakeLists.txt:1: ");
  ExpectOne("src/node/CMakeLists.txt", "tributary_row(node DEPENDS tributary_proto)",
            "src/node/CMakeLists.txt:1: row 'node' may not link generated code");
}

TEST(LayerRulesTest, ATableThatCannotBeReadIsAnError) {
  EXPECT_FALSE(ParseArchitecture("no table").errors.empty());
  const std::string head = "| row | one sentence | may use |\n|---|---|---|\n";
  EXPECT_FALSE(ParseArchitecture(head + "| `base` | x | libmagic |\n\nThe rows up to `base` are.\n")
                   .errors.empty());
  EXPECT_FALSE(
      ParseArchitecture(head + "| `base` | x | – |\n\nThe rows up to `top` are.\n").errors.empty());
  EXPECT_FALSE(ParseArchitecture(head + "| `base` | x | – |\n").errors.empty());
  EXPECT_TRUE(ParseArchitecture(head + "| `base` | x | – |\n\nThe rows up to `base` are pure.\n")
                  .errors.empty());
}

}  // namespace
}  // namespace tributary::layers
