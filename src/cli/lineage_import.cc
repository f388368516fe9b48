#include "cli/lineage_import.h"

#include <utility>
#include <vector>

#include "tributary/base/status.h"
#include "tributary/client/error.h"
#include "tributary/client/record.h"

namespace tributary::cli {
namespace {

constexpr size_t kProgressEvery = 1'000;

class Importer {
 public:
  Importer(Context& context, Sender& sender, const LineagePlan& plan, base::Ppb pass_through)
      : context_(context),
        sender_(sender),
        plan_(plan),
        pass_through_(pass_through),
        builder_(sender.NewTransaction()),
        accounts_(plan.authors.size()),
        ids_(plan.records.size()) {}

  absl::StatusOr<ImportResult> Run() {
    TRIBUTARY_RETURN_IF_ERROR(Authors());
    TRIBUTARY_RETURN_IF_ERROR(Records());
    return result_;
  }

 private:
  struct Account {
    base::AccountId id;
    bool custodial = true;
  };

  absl::Status Authors() {
    for (size_t i = 0; i < plan_.authors.size(); ++i) {
      TRIBUTARY_RETURN_IF_ERROR(Author(plan_.authors[i], accounts_[i]));
      ShowProgress("authors", i + 1, plan_.authors.size());
    }
    return Flush();
  }

  absl::Status Author(const PlannedAuthor& author, Account& account) {
    v1::GetAccountRequest request;
    request.mutable_account()->set_handle(author.handle);
    const auto view = context_.node().GetAccount(request);
    if (view.ok()) {
      const auto id = client::FromField<base::AccountId>(view->id());
      if (!id) return base::Internal("the node gave an account id that is not 32 bytes");
      account = {*id, view->custodial()};
      ++result_.authors_known;
      return absl::OkStatus();
    }
    if (client::ReasonOf(view.status()) != "NotFound") return view.status();
    ++result_.authors_registered;
    return Add(client::RegisterAccountOperation(sender_.chain_id(), author.handle,
                                                sender_.account(), nullptr, &account.id));
  }

  absl::Status Records() {
    for (size_t i = 0; i < plan_.records.size(); ++i) {
      TRIBUTARY_RETURN_IF_ERROR(Record(i));
      ShowProgress("records", i + 1, plan_.records.size());
    }
    return Flush();
  }

  absl::Status Record(size_t i) {
    v1::GetRecordRequest request;
    request.mutable_record()->set_external_id(plan_.records[i].external_id);
    const auto view = context_.node().GetRecord(request);
    if (view.ok()) {
      const auto id = client::FromField<base::RecordId>(view->id());
      if (!id) return base::Internal("the node gave a record id that is not 32 bytes");
      ids_[i] = *id;
      ++result_.records_known;
      return absl::OkStatus();
    }
    if (client::ReasonOf(view.status()) != "NotFound") return view.status();
    if (!accounts_[plan_.records[i].author].custodial) return MustSignItself(i);
    const client::RecordBuilder record = Build(plan_.records[i]);
    ids_[i] = record.Id();
    ++result_.records_submitted;
    return Add(record.Submit(true));
  }

  client::RecordBuilder Build(const PlannedRecord& planned) const {
    client::RecordBuilder record(static_cast<v1::RecordKind>(planned.kind));
    record.Author(accounts_[planned.author].id, base::Ppb(base::kPpbOne))
        .ExternalId(planned.external_id)
        .Licence(planned.licence)
        .Declared(base::TimeMs(planned.declared_ms))
        .Custodial();
    if (planned.stub) record.Title("stub: known only as a parent");
    for (const PlannedParent& parent : planned.parents) {
      record.Parent(ids_[parent.record], static_cast<v1::Relation>(parent.relation), parent.weight);
    }
    if (!planned.parents.empty()) record.PassThrough(pass_through_);
    return record;
  }

  absl::Status MustSignItself(size_t i) const {
    const PlannedRecord& record = plan_.records[i];
    return client::ToStatus(
        base::Reject(base::RejectionCode::kMissingSignature, record.external_id,
                     "its author " + plan_.authors[record.author].handle +
                         " has a key and must submit the record with `tributary record submit`"));
  }

  absl::Status Add(const v1::Operation& operation) {
    if (builder_.Add(operation)) return absl::OkStatus();
    TRIBUTARY_RETURN_IF_ERROR(Flush());
    if (builder_.Add(operation)) return absl::OkStatus();
    return client::ToStatus(
        base::Reject(base::RejectionCode::kTransactionTooLarge, "operations[0]"));
  }

  // Sends what is gathered and waits for it: later records name these as parents.
  absl::Status Flush() {
    if (builder_.empty()) return absl::OkStatus();
    const auto sent = sender_.Send(builder_);
    if (!sent.ok()) return sent.status();
    ++result_.transactions;
    TRIBUTARY_RETURN_IF_ERROR(sender_.Refresh());
    builder_ = sender_.NewTransaction();
    return absl::OkStatus();
  }

  void ShowProgress(const char* what, size_t done, size_t total) {
    if (done % kProgressEvery != 0 && done != total) return;
    context_.Progress(std::string("import: ") + what + " " + std::to_string(done) + " of " +
                      std::to_string(total));
  }

  Context& context_;
  Sender& sender_;
  const LineagePlan& plan_;
  const base::Ppb pass_through_;
  client::TransactionBuilder builder_;
  std::vector<Account> accounts_;
  std::vector<base::RecordId> ids_;
  ImportResult result_;
};

}  // namespace

absl::StatusOr<ImportResult> ImportLineage(Context& context, Sender& sender,
                                           const LineagePlan& plan, base::Ppb pass_through) {
  return Importer(context, sender, plan, pass_through).Run();
}

}  // namespace tributary::cli
