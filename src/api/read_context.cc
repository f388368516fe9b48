#include "api/read_context.h"

#include "api/encode.h"
#include "api/entry_scan.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::api {

absl::Status ReadContext::status() const {
  if (!status_.ok()) return status_;
  return view_->status();
}

void ReadContext::Fail(const absl::Status& status) {
  if (status_.ok()) status_ = status;
}

const ReadContext::Decoded* ReadContext::Decode(base::EntryIndex entry) {
  const auto known = decoded_.find(entry.value());
  if (known != decoded_.end()) return known->second.get();
  auto bytes = view_->snapshot().ReadEntry(entry);
  if (!bytes.ok()) {
    Fail(bytes.status());
    return nullptr;
  }
  auto decoded = std::make_unique<Decoded>();
  decoded->entry = *std::move(bytes);
  auto envelope = codec::Decode<codec::SignedTransaction>(base::AsBytes(decoded->entry));
  if (!envelope.ok()) return nullptr;
  decoded->envelope = *std::move(envelope);
  auto body = codec::Decode<codec::TransactionBody>(decoded->envelope.body);
  if (!body.ok()) return nullptr;
  decoded->body = *std::move(body);
  if (decoded_.size() >= kDecodedMax) decoded_.clear();
  return decoded_.emplace(entry.value(), std::move(decoded)).first->second.get();
}

const codec::TransactionBody* ReadContext::Transaction(base::EntryIndex entry) {
  const Decoded* decoded = Decode(entry);
  return decoded == nullptr ? nullptr : &decoded->body;
}

std::vector<base::AccountId> ReadContext::Signers(base::EntryIndex entry) {
  std::vector<base::AccountId> signers;
  const Decoded* decoded = Decode(entry);
  if (decoded == nullptr) return signers;
  for (const codec::Signature& one : decoded->envelope.signatures) signers.push_back(one.account);
  return signers;
}

const std::string* ReadContext::Entry(base::EntryIndex entry) {
  const auto known = entries_.find(entry.value());
  if (known != entries_.end()) return &known->second;
  auto bytes = view_->snapshot().ReadEntry(entry);
  if (!bytes.ok()) {
    Fail(bytes.status());
    return nullptr;
  }
  if (entries_.size() >= kDecodedMax) entries_.clear();
  return &entries_.emplace(entry.value(), *std::move(bytes)).first->second;
}

base::Bytes ReadContext::RecordBytes(base::RecordSeq seq) {
  const auto known = record_bytes_.find(seq.value());
  if (known != record_bytes_.end()) return base::AsBytes(known->second);
  const state::RecordRow row = view_->Record(seq);
  const std::string* entry = Entry(base::EntryIndex(row.entry));
  const base::Bytes found =
      entry == nullptr ? base::Bytes() : SubmittedRecord(base::AsBytes(*entry), row.operation);
  if (found.empty()) {
    Fail(base::DataLoss("record " + std::to_string(seq.value()) +
                        " is not in the entry that its row names"));
    return {};
  }
  const std::string& bytes =
      record_bytes_.emplace(seq.value(), std::string(base::AsText(found))).first->second;
  return base::AsBytes(bytes);
}

std::string ReadContext::RecordName(base::RecordSeq seq) {
  const auto record = codec::Decode<codec::Record>(RecordBytes(seq));
  if (!record.ok()) return {};
  if (!record->external_id.empty()) return std::string(record->external_id);
  if (!record->title.empty()) return std::string(record->title);
  return base::ToHex(view_->Record(seq).id.view()).substr(0, 12);
}

RecordNames::Named ReadContext::Named(base::RecordSeq seq) {
  RecordNames& names = lineages_.names();
  if (auto known = names.Find(seq)) return *std::move(known);
  const RecordNames::Named named = {AsString(view_->Record(seq).id), RecordName(seq)};
  if (status().ok()) names.Put(seq, named);
  return named;
}

std::string ReadContext::Handle(base::AccountIndex account) {
  const auto known = handles_.find(account.value());
  if (known != handles_.end()) return known->second;
  const state::AccountRow row = view_->Account(account);
  return handles_.emplace(account.value(), std::string(row.Handle())).first->second;
}

const state::CurrencyRow& ReadContext::Currency(base::CurrencyIndex currency) {
  const auto known = currencies_.find(currency.value());
  if (known != currencies_.end()) return known->second;
  return currencies_.emplace(currency.value(), view_->CurrencyAt(currency)).first->second;
}

codec::BlockHeader ReadContext::Header(base::Height height) {
  if (height == view_->header().height) return view_->header();
  const auto known = headers_.find(height.value());
  if (known != headers_.end()) return known->second;
  const auto entry = view_->snapshot().HeaderEntry(height);
  if (!entry.ok()) {
    Fail(entry.status());
    return {};
  }
  const auto bytes = view_->snapshot().ReadEntry(*entry);
  if (!bytes.ok()) {
    Fail(bytes.status());
    return {};
  }
  const auto header = codec::DecodeHeader(base::AsBytes(*bytes));
  if (!header.ok()) {
    Fail(base::DataLoss("the header of block " + std::to_string(height.value()) +
                        " cannot be decoded"));
    return {};
  }
  return headers_.emplace(height.value(), *header).first->second;
}

base::Height ReadContext::HeightOf(base::EntryIndex entry) {
  const auto height = view_->snapshot().HeightOfEntry(entry);
  if (height.ok()) return *height;
  Fail(height.status());
  return {};
}

}  // namespace tributary::api
