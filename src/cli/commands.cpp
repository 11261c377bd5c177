#include "cli/commands.hpp"

#include <algorithm>

namespace tollgate::cli {
namespace {

using line = command_line;

constexpr option_row config_option{"--config", "FILE",
                                   "configuration; without it ./config.toml if there is one",
                                   &line::config_file};
constexpr option_row set_option{
    "--set", "KEY=VALUE", "overrides one key, such as mcp.auth=none; may be repeated", &line::sets};

constexpr option_row serve_options[] = {
    config_option,
    set_option,
    {"--ready-json", "", "print one JSON line once every listener accepts", &line::ready_json}};
constexpr option_row scenarios_options[] = {config_option, set_option};
constexpr option_row stdio_options[] = {config_option, set_option};
constexpr option_row check_options[] = {
    config_option,
    set_option,
    {"--keys", "", "print every key as tables of Markdown; no configuration is read", &line::keys}};
constexpr option_row scenario_options[] = {
    config_option,
    set_option,
    {"--url", "URL", "control plane, such as http://localhost:9100/control; or TOLLGATE_URL",
     &line::url},
    {"--mcp-url", "URL", "that of the MCP server; else the one behind --url is asked",
     &line::mcp_url},
    {"--token", "T", "bearer token (control.token); or TOLLGATE_TOKEN", &line::token},
    {"--realm", "R", "realm NAME, or s/SCENARIO/RUN; without it the default realm", &line::realm}};
constexpr option_row verdict_options[] = {
    {"--format", "F", "text, json, junit, sarif or markdown; without it text", &line::format},
    config_option,
    set_option,
    {"--url", "URL", "control plane, such as http://localhost:9100/control; or TOLLGATE_URL",
     &line::url},
    {"--token", "T", "bearer token (control.token); or TOLLGATE_TOKEN", &line::token},
    {"--realm", "R", "realm NAME, or s/SCENARIO/RUN; without it the default realm", &line::realm}};
constexpr option_row test_options[] = {
    {"--command", "CLIENT", "starts the client; the MCP URL becomes its last argument",
     &line::client},
    {"--url-only", "", "print the URLs and wait: for clients that nobody can start",
     &line::url_only},
    {"--scenario", "S", "this scenario; may be repeated; without it all of them", &line::scenarios},
    {"--suite", "X",
     "all, basic, refresh, login, running, discovery, personas, exam, own, official, or of the "
     "official ones auth, core, metadata, draft, extensions, backcompat",
     &line::suite},
    {"--era", "REVISION", "the server speaks this revision alone; what is not about it is left out",
     &line::era},
    {"--parallel", "N", "so many clients at once; without it 4", &line::parallel},
    {"--timeout", "T", "one client runs so long at most; without it 60s", &line::timeout},
    {"--expected-failures", "FILE", "what is known to fail, as the official suite writes it",
     &line::expected_failures},
    {"--format", "F", "text, json, junit, sarif or markdown; without it text", &line::format},
    {"--output", "FILE", "write the verdicts there and not to stdout", &line::output},
    {"--report", "F=FILE", "write them there in this format, too; may be repeated", &line::reports},
    config_option,
    set_option,
    {"--url", "URL", "use the running server with this control plane; or TOLLGATE_URL", &line::url},
    {"--token", "T", "bearer token (control.token); or TOLLGATE_TOKEN", &line::token}};
constexpr option_row store_options[] = {config_option, set_option};
constexpr option_row certs_options[] = {
    {"--dir", "FOLDER", "where to write; without it \"certs\"", &line::certs_dir}};

constexpr std::string line::*scenario_positions[] = {&line::scenario_name,
                                                     &line::scenario_argument};

constexpr std::string line::*store_positions[] = {&line::store_action, &line::store_file};

constexpr command_row command_rows[] = {
    {"serve",
     command::serve,
     "",
     "run the authorization server and the MCP server",
     "Serves until SIGINT or SIGTERM, then lets open requests finish; SIGHUP reads the log\n"
     "settings again. A line for each listener goes to stdout, or one line of JSON with\n"
     "--ready-json; logs go to stderr. Port 0 in a listen address picks a free port.\n",
     serve_options,
     {}},
    {"check",
     command::check,
     "",
     "say what is wrong with the configuration, or with --keys what there is",
     "Prints every mistake as FILE:LINE:COLUMN: key: what is wrong, and exits with 2 if there\n"
     "is one. What is not built yet is a mistake, too.\n"
     "\n"
     "With --keys it prints what there is to configure: each key, what it may be, its default,\n"
     "whether a realm can have a value of its own, and what it means.\n",
     check_options,
     {}},
    {"stdio",
     command::stdio,
     "",
     "the same MCP server on stdin and stdout",
     "One JSON-RPC message a line, until stdin ends; logs go to stderr. The access token is read\n"
     "from MCP_ACCESS_TOKEN and checked as the configuration says (validation.strategy), again\n"
     "and again; this process issues no tokens, so that a running `tollgate serve` or another\n"
     "provider is asked. Exits with 0 at the end of stdin, 1 when the token is refused.\n",
     stdio_options,
     {}},
    {"scenario", command::scenario, "NAME [on|off|SECONDS]",
     "make the running server misbehave, or look at its state",
     "  state                  show token counts, sessions and switches\n"
     "  rotate on|off          a new refresh token at each refresh\n"
     "  expire-access SECONDS  access tokens that are issued from now on live so long\n"
     "  revoke                 kill all access tokens: the next call gets 401\n"
     "  dead-refresh on|off    each refresh fails with invalid_grant\n"
     "  deny-consent on|off    /authorize answers access_denied\n"
     "  bad-scope on|off       tool calls get 403 insufficient_scope\n"
     "  reset                  forget tokens and sessions, back to the configuration\n"
     "\n"
     "Any other NAME is a live scenario of `tollgate scenarios`: the realm is put into it.\n"
     "A switch without on or off is switched on. The resulting state goes to stdout as JSON.\n"
     "\n"
     "The server is found by the listen addresses of the configuration, over https when its\n"
     "certificate is there, or by --url. Exits with 1 when nobody answers or the server refuses.\n",
     scenario_options, scenario_positions, true},
    {"scenarios",
     command::scenarios,
     "",
     "list the live scenarios, and the switches",
     "One line each: the name and what the server does in it, those of the configuration\n"
     "([[scenarios]]) last. Needs no running server. The scenarios go to stdout, the switches of\n"
     "`tollgate scenario` to stderr.\n",
     scenarios_options,
     {}},
    {"verdict",
     command::verdict,
     "",
     "say what the client did right and wrong",
     "Asks the running server for the verdict over everything that the client of a realm has\n"
     "done: what it must do and should do by the standards, and what the realm's scenario is\n"
     "about. The server is found as by `tollgate scenario`.\n"
     "\n"
     "Exits with 1 when a MUST failed, when nobody answers and when the server refuses.\n",
     verdict_options,
     {}},
    {"test",
     command::test,
     "",
     "start a client for each scenario and say what it did right and wrong",
     "Starts a server of its own on free ports and, for each scenario, the client with the MCP "
     "URL\n"
     "as last argument and MCP_CONFORMANCE_SCENARIO, MCP_CONFORMANCE_CONTEXT and\n"
     "MCP_CONFORMANCE_PROTOCOL_VERSION set, as the official conformance suite does. Logins are\n"
     "consented to by themselves. Progress goes to stderr, verdicts to stdout.\n"
     "\n"
     "Exits with 0 only when every scenario passed, or failed as --expected-failures says: a\n"
     "client that never came, crashed or hung is no pass, and neither is a fault that never "
     "acted.\n",
     test_options,
     {}},
    {"store", command::store, "export|import FILE",
     "take all records out of a store, or bring them into another one",
     "Works on the file of store.path while no server has it open. FILE is JSON, a record a line;\n"
     "- is stdout or stdin. Codes, tokens and client secrets are in it as digests only; signing\n"
     "keys and tokens of a provider stay sealed: copy the file beside the store that ends in .key\n"
     "as well. An import wants that file beside a store that has no records yet, and writes all\n"
     "records or none. Logins that are at a provider at this moment are left out.\n"
     "\n"
     "Records of store.backend = \"memory\" are in the running server alone.\n"
     "\n"
     "Exits with 1 for a FILE that cannot be used, 3 for a store that cannot be opened.\n",
     store_options, store_positions, true},
    {"certs",
     command::certs,
     "",
     "write a certificate for localhost",
     "Writes ca.pem, localhost.pem (the certificate, then the CA: trusting this file is enough)\n"
     "and localhost-key.pem, for localhost, *.localhost, 127.0.0.1 and ::1. A server whose\n"
     "configuration stands beside the folder \"certs\" picks them up and speaks https.\n",
     certs_options,
     {}},
};

}  // namespace

std::span<command_row const> commands() {
    return command_rows;
}

command_row const* find_command(std::string_view name) {
    auto const found = std::ranges::find(command_rows, name, &command_row::name);
    return found == std::end(command_rows) ? nullptr : &*found;
}

}  // namespace tollgate::cli
