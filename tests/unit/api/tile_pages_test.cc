// The log over HTTP in the C2SP tlog-tiles layout, read back as somebody else's client would: from
// the checkpoint and the pages alone, with the definitions of RFC 6962.
#include "api/tile_pages.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "tributary/base/base64.h"
#include "tributary/merkle/note.h"
#include "unit/api/http_client.h"
#include "unit/merkle/naive.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using merkle::testing::Hashes;
using testing::Get;
using testing::RawResponse;
using testing::TestNode;

constexpr int kTransactions = 300;  // with the genesis and two headers: 303 entries

class TilePagesTest : public ::testing::Test {
 protected:
  TilePagesTest() {
    for (int i = 0; i < kTransactions; ++i) {
      const auto submitted = node_.ledger->Submit(
          node_.chain.Sign("steward", {node_.chain.Register("a" + std::to_string(i))}), {});
      EXPECT_TRUE(std::holds_alternative<base::TxId>(submitted));
    }
    EXPECT_TRUE(node_.ledger->MakeBlock({}).ok());
    EXPECT_EQ(node_.ledger->view()->log_size(), 303u);
    signer_ = std::make_unique<LogSigner>(LogOrigin(*node_.ledger->view()),
                                          keys::SigningKey::Generate("log"));
    auto listener = HttpListener::Start({"127.0.0.1", 0}, [this](std::string_view path) {
      return AnswerTiles(*node_.ledger, signer_.get(), path);
    });
    EXPECT_TRUE(listener.ok());
    listener_ = *std::move(listener);
  }

  RawResponse Read(const std::string& path) const { return Get(listener_->port(), path); }
  // The hashes of a tile that must be there.
  Hashes Tile(const std::string& path, size_t width) const {
    const RawResponse tile = Read(path);
    EXPECT_EQ(tile.status, 200) << path;
    EXPECT_TRUE(tile.Has("Content-Type: application/octet-stream\r\n")) << tile.head;
    EXPECT_TRUE(tile.Has("immutable")) << tile.head;
    EXPECT_EQ(tile.body.size(), width * 32) << path;
    Hashes hashes;
    for (size_t at = 0; at + 32 <= tile.body.size(); at += 32) {
      hashes.push_back(base::Hash::From(base::AsBytes(tile.body.substr(at, 32))));
    }
    return hashes;
  }
  // The leaf hashes of a bundle: each entry behind its length in two bytes, big-endian.
  Hashes Bundle(const std::string& path) const {
    const RawResponse bundle = Read(path);
    EXPECT_EQ(bundle.status, 200) << path;
    EXPECT_TRUE(bundle.Has("Content-Type: application/octet-stream\r\n")) << bundle.head;
    Hashes hashes;
    std::string_view rest = bundle.body;
    while (rest.size() >= 2) {
      const size_t size =
          static_cast<size_t>(static_cast<uint8_t>(rest[0])) << 8 | static_cast<uint8_t>(rest[1]);
      EXPECT_LE(size, rest.size() - 2);
      hashes.push_back(crypto::LeafHash(base::AsBytes(rest.substr(2, size))));
      rest.remove_prefix(std::min(rest.size(), 2 + size));
    }
    EXPECT_TRUE(rest.empty()) << path;
    return hashes;
  }

  TestNode node_;
  std::unique_ptr<LogSigner> signer_;
  std::unique_ptr<HttpListener> listener_;
};

TEST_F(TilePagesTest, EntriesTilesAndCheckpointAreOneTree) {
  Hashes leaves = Bundle("/tile/entries/000");
  ASSERT_EQ(leaves.size(), 256u);
  EXPECT_EQ(leaves, Tile("/tile/0/000", 256));
  const Hashes rest = Bundle("/tile/entries/001.p/47");
  ASSERT_EQ(rest.size(), 47u);
  EXPECT_EQ(rest, Tile("/tile/0/001.p/47", 47));
  EXPECT_EQ(Tile("/tile/1/000.p/1", 1)[0], merkle::testing::NaiveRoot(leaves));
  leaves.insert(leaves.end(), rest.begin(), rest.end());
  const base::Hash root = merkle::testing::NaiveRoot(leaves);

  const RawResponse checkpoint = Read("/checkpoint");
  EXPECT_EQ(checkpoint.status, 200);
  EXPECT_TRUE(checkpoint.Has("Content-Type: text/plain; charset=utf-8\r\n")) << checkpoint.head;
  EXPECT_FALSE(checkpoint.Has("immutable")) << "it changes";
  // Origin, size, root in base64, an empty line, the signature.
  const std::string text = "tributary/test/1\n303\n" + base::ToBase64(root.view()) + "\n";
  EXPECT_EQ(checkpoint.body.substr(0, text.size()), text);
  EXPECT_EQ(checkpoint.body.substr(text.size(), 2 + 3), std::string("\n\xe2\x80\x94 "));
  const auto key = merkle::ParseVerifierKey(signer_->verifier_key());
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->name, "tributary/test/1");
}

TEST_F(TilePagesTest, APartialTileOfAnEarlierSizeIsStillThere) {
  const Hashes all = Tile("/tile/0/000", 256);
  for (const size_t width : {1u, 2u, 255u}) {
    const Hashes part = Tile("/tile/0/000.p/" + std::to_string(width), width);
    EXPECT_EQ(part, Hashes(all.begin(), all.begin() + static_cast<ptrdiff_t>(width)));
    EXPECT_EQ(Bundle("/tile/entries/000.p/" + std::to_string(width)), part);
  }
}

TEST_F(TilePagesTest, WhatTheLogDoesNotHoldOrNobodyWouldAskForIsNotFound) {
  for (const char* path :
       {"/tile/0/001", "/tile/0/001.p/48", "/tile/0/002.p/1", "/tile/1/000", "/tile/1/000.p/2",
        "/tile/2/000.p/1", "/tile/entries/001", "/tile/entries/001.p/48", "/tile/entries/002.p/1",
        // Not the one form of a path.
        "/tile/0/0", "/tile/00/000", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/001.p/047",
        "/tile/0/x000/001.p/47", "/tile/0/000/", "/tile/64/000", "/tile/-1/000", "/tile/entries/",
        "/tile//000", "/", "", "/checkpoint/", "/tile/0/999999999999999999999"}) {
    const RawResponse response = Read(*path == '\0' ? "/." : path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_FALSE(response.Has("immutable")) << path << ": it may be there later";
  }
}

TEST_F(TilePagesTest, WithoutAKeyThereIsNoCheckpointAndTheTilesAreThere) {
  EXPECT_EQ(AnswerTiles(*node_.ledger, nullptr, "/checkpoint").status, 404);
  EXPECT_EQ(AnswerTiles(*node_.ledger, nullptr, "/tile/0/000").status, 200);
}

}  // namespace
}  // namespace tributary::api
