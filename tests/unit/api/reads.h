// A ledger with handlers asked directly, without a connection.
#ifndef TRIBUTARY_TESTS_UNIT_API_READS_H_
#define TRIBUTARY_TESTS_UNIT_API_READS_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/encode.h"
#include "api/handlers.h"
#include "tributary/base/amount.h"
#include "unit/node/test_node.h"

namespace tributary::api {

// Atoms, below zero too.
inline base::Int128 AtomsOf(const v1::Amount& amount) {
  std::string_view text = amount.atoms();
  const bool below = text.starts_with('-');
  if (below) text.remove_prefix(1);
  const auto atoms = static_cast<base::Int128>(base::ParseDecimal(text).value());
  return below ? -atoms : atoms;
}

class Reads {
 public:
  explicit Reads(const testing::ChainOptions& options) : node(options) {}

  void Must(std::string_view sender, const std::vector<codec::Operation>& operations,
            const std::vector<std::string>& cosigners = {}) {
    const node::Decision decision = node.Run(sender, operations, cosigners);
    const auto* refused = std::get_if<node::Refused>(&decision.result);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result))
        << (refused == nullptr ? "" : refused->rejection.ToString());
  }
  base::RecordId Submit(const std::string& author, const testing::RecordSpec& spec) {
    Must(author, {node.chain.Submit(spec)});
    return node.chain.RecordIdOf(spec);
  }
  // A block in each of the next epochs.
  void PassEpochs(int count) {
    for (int i = 0; i < count; ++i) {
      node.Pass(1'000'000);
      Must("steward", {node.chain.Register("tick" + std::to_string(ticks_++))});
    }
  }
  template <class Request, class Response>
  grpc::Status Read(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
                    const Request& request, Response* response) {
    ReadContext c(node.ledger->view(), lineages_);
    const grpc::Status status = handler(c, request, response);
    EXPECT_TRUE(c.status().ok()) << c.status();
    return status;
  }
  template <class Request, class Response>
  Response Get(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
               const Request& request) {
    Response response;
    const grpc::Status status = Read(handler, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  template <class Request, class Response>
  Response All(grpc::Status (*handler)(ReadContext&, const Request&, Response*), Request request) {
    Response all;
    for (int pages = 0; pages < 1'000; ++pages) {
      const Response page = Get(handler, request);
      all.MergeFrom(page);
      request.set_page_token(page.next_page_token());
      if (page.next_page_token().empty()) return all;
    }
    ADD_FAILURE() << "pages without end";
    return all;
  }

  testing::TestNode node;

 private:
  LineageCache lineages_;
  int ticks_ = 0;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_TESTS_UNIT_API_READS_H_
