#include "support/message_log.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <mutex>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace test {

namespace {

namespace json = boost::json;

constexpr std::size_t longest = 4 << 20;  // of a connection: larger ones are no talk over MCP

std::string const& folder() {
    static std::string const name = [] {
        auto const* const set = std::getenv("RECORD_MCP_MESSAGES");
        return std::string(set != nullptr ? set : "");
    }();
    return name;
}

void write(json::object const& line) {
    static std::mutex lock;
    std::lock_guard const hold(lock);
    std::ofstream out(folder() + "/cpp-" + std::to_string(::getpid()) + ".jsonl", std::ios::app);
    out << json::serialize(line) << '\n';
}

bool speaks_mcp(std::string_view sent) {
    return sent.find("\"jsonrpc\"") != std::string_view::npos ||
           sent.find("text/event-stream") != std::string_view::npos ||
           sent.find("GET /sse") != std::string_view::npos;
}

// JSON text must be UTF-8, and what tests send is sometimes not, on purpose.
std::string readable(std::string_view bytes) {
    std::string out;
    for (char const c : bytes) {
        auto const b = static_cast<unsigned char>(c);
        if (b < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | (b >> 6));
            out += static_cast<char>(0x80 | (b & 0x3F));
        }
    }
    return out;
}

json::object described(http::request const& asked, http::reply const& answer) {
    json::object headers;
    for (auto const* const name : {"mcp-session-id", "mcp-protocol-version"}) {
        if (asked.has(name)) headers[name] = asked.header(name);
    }
    json::object line;
    line["raw"] = true;  // one character a byte
    line["method"] = asked.method_text;
    line["target"] = asked.target;
    line["headers"] = std::move(headers);
    line["body"] = readable(asked.body);
    line["status"] = answer.status;
    line["type"] = answer.headers.get("Content-Type");
    if (answer.headers.has("Mcp-Session-Id")) {
        line["session"] = answer.headers.get("Mcp-Session-Id");
    }
    return line;
}

class recorded_stream final : public http::body_stream {
public:
    recorded_stream(json::object line, std::unique_ptr<http::body_stream> inner)
        : line_(std::move(line)), inner_(std::move(inner)) {}
    ~recorded_stream() override {
        line_["text"] = readable(text_);
        write(line_);
    }
    recorded_stream(recorded_stream const&) = delete;
    recorded_stream& operator=(recorded_stream const&) = delete;

    tollgate::task<std::optional<std::string>> next() override {
        auto chunk = co_await inner_->next();
        if (chunk) text_ += *chunk;
        co_return chunk;
    }
    void close() noexcept override { inner_->close(); }

private:
    json::object line_;
    std::unique_ptr<http::body_stream> inner_;
    std::string text_;
};

}  // namespace

bool recording() noexcept {
    return !folder().empty();
}

http::reply recorded(http::request const& asked, http::reply answer) {
    if (!recording()) return answer;
    auto line = described(asked, answer);
    if (answer.stream) {
        answer.stream =
            std::make_unique<recorded_stream>(std::move(line), std::move(answer.stream));
    } else if (speaks_mcp(asked.body)) {
        line["text"] = readable(answer.body);
        write(line);
    }
    return answer;
}

void record_pipes(std::string_view in, std::string_view out) {
    if (!recording()) return;
    json::object line;
    line["stdin"] = readable(in);
    line["stdout"] = readable(out);
    write(line);
}

connection_log::~connection_log() {
    if (!kept_ || !speaks_mcp(sent_) || sent_.size() + received_.size() > longest) return;
    json::object line;
    line["sent"] = readable(sent_);
    line["received"] = readable(received_);
    write(line);
}

void connection_log::sent(std::string_view bytes) {
    if (kept_ && sent_.size() <= longest) sent_ += bytes;
}

void connection_log::received(std::string_view bytes) {
    if (kept_ && received_.size() <= longest) received_ += bytes;
}

}  // namespace test
