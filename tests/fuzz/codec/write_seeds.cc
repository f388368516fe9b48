// Writes the valid inputs that the corpora of the codec's fuzz targets start from:
//   codec_write_seeds tests/fuzz/corpus
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "codec/header.h"
#include "codec/ledger.h"
#include "property/codec/message_generator.h"

namespace {

using namespace tributary;

constexpr uint64_t kSeeds = 12;

void Write(const std::filesystem::path& directory, const std::string& name,
           std::string_view bytes) {
  std::filesystem::create_directories(directory);
  std::ofstream(directory / name, std::ios::binary) << bytes;
}

// One whole transaction for each operation, so that every decoder is reached from the start.
void WriteTransactions(const std::filesystem::path& directory) {
  for (uint64_t seed = 0, written = 0; written < std::variant_size_v<codec::Operation>; ++seed) {
    testing::MessageGenerator generator(seed, 1);
    const auto body = generator.Make<codec::TransactionBody>();
    if (body.operations[0].index() != written) continue;
    const std::string bytes = codec::Encode(body);
    auto transaction = generator.Make<codec::SignedTransaction>();
    transaction.body = base::AsBytes(bytes);
    Write(directory, std::string(codec::OperationName(written)), codec::Encode(transaction));
    ++written;
  }
}

template <class T>
void WriteMessages(const std::filesystem::path& directory, const std::string& name) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    testing::MessageGenerator generator(seed, 2);
    Write(directory, name + std::to_string(seed), codec::Encode(generator.Make<T>()));
  }
}

void WriteHeaders(const std::filesystem::path& directory) {
  codec::BlockHeader header;
  header.height = base::Height(1);
  header.time_ms = base::TimeMs(1'700'000'000'000);
  header.first_entry = base::EntryIndex(1);
  header.log_size = 3;
  header.chain_hash.bytes.fill(0x11);
  header.log_root.bytes.fill(0x22);
  Write(directory, "header", base::AsText(codec::EncodeHeader(header)));
  Write(directory, "genesis_entry", "\x01 genesis");
  Write(directory, "transaction_entry", "\x0a transaction");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: codec_write_seeds DIRECTORY\n");
    return 2;
  }
  const std::filesystem::path corpus = argv[1];
  WriteTransactions(corpus / "fuzz_codec_transaction");
  WriteMessages<codec::Record>(corpus / "fuzz_codec_record", "record");
  WriteMessages<codec::Registration>(corpus / "fuzz_codec_record", "registration");
  WriteMessages<codec::AttributionClaim>(corpus / "fuzz_codec_record", "claim");
  WriteMessages<codec::Genesis>(corpus / "fuzz_codec_genesis", "genesis");
  WriteHeaders(corpus / "fuzz_codec_header");
  return 0;
}
