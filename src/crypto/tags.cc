#include "crypto/tags.h"

#include "tributary/base/check.h"

namespace tributary::crypto {

std::string_view TagText(Tag tag) {
  switch (tag) {
    case Tag::kTransaction: return "tributary/v1/transaction";
    case Tag::kTransactionId: return "tributary/v1/transaction-id";
    case Tag::kAccount: return "tributary/v1/account";
    case Tag::kRecord: return "tributary/v1/record";
    case Tag::kPossession: return "tributary/v1/possession";
    case Tag::kAttribution: return "tributary/v1/attribution";
    case Tag::kReserve: return "tributary/v1/reserve";
    case Tag::kHeader: return "tributary/v1/header";
    case Tag::kContentKey: return "tributary/v1/content-key";
    case Tag::kExternalId: return "tributary/v1/external-id";
    case Tag::kReference: return "tributary/v1/reference";
    case Tag::kStateRoot: return "tributary/v1/state-root";
    case Tag::kTableRoot: return "tributary/v1/table-root";
    case Tag::kResults: return "tributary/v1/results";
    case Tag::kSettlement: return "tributary/v1/settlement";
    case Tag::kRoyaltyStack: return "tributary/v1/royalty-stack";
  }
  TRIBUTARY_CHECK(false, "a tag without a text");
}

}  // namespace tributary::crypto
