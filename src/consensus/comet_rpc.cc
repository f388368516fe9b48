#include "consensus/comet_rpc.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "tributary/base/base64.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Json = nlohmann::json;
using Protocol = asio::local::stream_protocol;

constexpr size_t kAnswerBytesMax = 1u << 20;

absl::Status Unreachable(const std::string& socket, const std::string& why) {
  return base::Unavailable("the consensus engine does not answer on " + socket + ": " + why);
}

}  // namespace

absl::StatusOr<std::string> CometRpc::Call(std::string body) const {
  http::request<http::string_body> request(http::verb::post, "/", 11);
  request.set(http::field::host, "localhost");
  request.set(http::field::content_type, "application/json");
  request.keep_alive(false);
  request.body() = std::move(body);
  request.prepare_payload();
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerBytesMax);
  boost::beast::flat_buffer buffer;
  // Asynchronous within the call, for only that can be given a time.
  asio::io_context context;
  boost::beast::basic_stream<Protocol> stream(context);
  stream.expires_after(std::chrono::milliseconds(timeout_ms_));
  boost::system::error_code failed;
  const auto keep = [&failed](boost::system::error_code error, size_t) { failed = error; };
  const auto read = [&](boost::system::error_code error, size_t) {
    failed = error;
    if (!error) http::async_read(stream, buffer, parser, keep);
  };
  stream.async_connect(Protocol::endpoint(socket_), [&](boost::system::error_code error) {
    failed = error;
    if (!error) http::async_write(stream, request, read);
  });
  context.run();
  if (failed) return Unreachable(socket_, failed.message());
  return std::move(parser.get().body());
}

absl::Status CometRpc::BroadcastTx(std::string_view tx) const {
  const auto answer =
      Call(R"({"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":")" +
           base::ToBase64(base::AsBytes(tx)) + "\"}}");
  if (!answer.ok()) return answer.status();
  const Json json = Json::parse(*answer, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return Unreachable(socket_, "no JSON");
  if (const auto error = json.find("error"); error != json.end()) {
    const std::string text = error->dump();
    if (text.find("already exists in cache") != std::string::npos) return absl::OkStatus();
    if (text.find("mempool is full") != std::string::npos) {
      return base::ResourceExhausted("the engine's pool of transactions is full");
    }
    return Unreachable(socket_, text);
  }
  const auto result = json.find("result");
  if (result == json.end() || !result->is_object()) return Unreachable(socket_, "no result");
  const auto code = result->find("code");
  if (code == result->end() || !code->is_number_unsigned()) {
    return Unreachable(socket_, "no code");
  }
  if (code->get<uint64_t>() == 0) return absl::OkStatus();
  return base::InvalidArgument("the engine's check refused it: " + result->dump());
}

absl::StatusOr<uint64_t> CometRpc::Height() const {
  const auto answer = Call(R"({"jsonrpc":"2.0","id":1,"method":"status","params":{}})");
  if (!answer.ok()) return answer.status();
  const Json json = Json::parse(*answer, nullptr, false);
  const Json::json_pointer at("/result/sync_info/latest_block_height");
  if (json.is_discarded() || !json.contains(at) || !json[at].is_string()) {
    return Unreachable(socket_, "no height");
  }
  return std::strtoull(json[at].get<std::string>().c_str(), nullptr, 10);
}

}  // namespace tributary::consensus
