#include "cli/verdict_command.hpp"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/scenario_plan.hpp"
#include "control/report/report.hpp"

namespace tollgate {
namespace {

command_output wrong_usage(std::string text) {
    return {"", std::move(text) + '\n', 2};
}

std::string laid_out(std::string const& body, std::string const& format) {
    boost::system::error_code not_json;
    auto const value = boost::json::parse(body, not_json);
    bool const json = !not_json && (format == "json" || format == "sarif");
    auto text = json ? pretty(value) : body;
    if (!text.ends_with('\n')) text += '\n';
    return text;
}

class verdict_reader : public control_client {
public:
    verdict_reader(std::string token, std::string ca_file)
        : control_client("tollgate verdict", std::move(token), std::move(ca_file)) {}

    task<> run(std::string base, std::string format) {
        auto url = base + "/verdict?format=" + format;
        std::string no_body;
        bool const shown = co_await ask(http::verb::get, std::move(url), std::move(no_body));
        if (!shown) co_return;
        result.out = laid_out(last().body, format);
        result.exit_code = last().headers.get("Tollgate-Verdict") == "fail" ? 1 : 0;
    }
};

}  // namespace

command_output run_verdict(command_line const& line, environment_variables const& environment) {
    auto const format = line.format.empty() ? std::string("text") : line.format;
    auto const read = control::read_format(format);
    if (auto const* flaw = std::get_if<std::string>(&read))
        return wrong_usage("tollgate verdict: --format " + tollgate::printable(format, 40) + ": " +
                           *flaw);
    auto const url = line.url.empty() ? variable(environment, "TOLLGATE_URL") : line.url;
    auto const c = configuration_for(line, !url.empty(), environment);
    auto const bases =
        url.empty() ? control_bases_of(c, line.realm) : control_bases_of(url, "", line.realm);
    if (auto const* wrong = std::get_if<usage_error>(&bases))
        return wrong_usage("tollgate verdict: " + wrong->text);
    boost::asio::io_context io(1);
    verdict_reader reader(token_for(line, c, !url.empty(), environment), c.tls.certificate);
    std::exception_ptr bug;
    auto base = std::get<control_bases>(bases).authorization_server;
    auto const executor = io.get_executor();
    boost::asio::co_spawn(executor, reader.run(std::move(base), format),
                          [&](std::exception_ptr e) { bug = std::move(e); });
    io.run();
    if (bug) std::rethrow_exception(bug);
    return std::move(reader.result);
}

}  // namespace tollgate
