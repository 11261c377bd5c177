// [[clients]], [[client_documents]], [[scenarios]], [[trusted_issuers]] and [[users]]: tables of
// which there may be many.
#include <span>

#include "base/nearest.hpp"
#include "config/loading.hpp"

namespace tollgate::settings {
namespace {

template <class Record>
setting<Record> const* find_row(std::span<setting<Record> const> rows, std::string_view key) {
    for (auto const& row : rows)
        if (row.is.key == key) return &row;
    return nullptr;
}

template <class Record>
std::string nearest_row(std::span<setting<Record> const> rows, std::string_view key) {
    std::vector<std::string_view> known;
    for (auto const& row : rows)
        known.push_back(row.is.key);
    return std::string(nearest_name(key, known));
}

template <class Record>
Record read_record(loading& l, value const& table, std::string const& name,
                   std::span<setting<Record> const> rows) {
    Record record;
    Record standard;
    for (auto const& m : table.members) {
        auto const key = name + '.' + m.key;
        auto const* row = find_row(rows, m.key);
        if (!row) {
            l.wrong.add(m.at, key, "unknown key; did you mean " + nearest_row(rows, m.key) + "?");
            continue;
        }
        auto const before = l.wrong.lines().size();
        auto const place = row->locate(record);
        read(m.content, key, row->is, place, l.result.folder, l.wrong);
        refuse_unbuilt(m.content.at, key, row->is, place, row->locate(standard), l.wrong);
        l.origins.insert_or_assign(key, m.content.at);
        if (l.wrong.lines().size() != before) l.broken.insert(key);
    }
    return record;
}

// Forgets what an earlier source said about the entries of `list`.
void forget_entries(loading& l, std::string const& list) {
    auto const is_entry = [&](std::string const& key) { return key.starts_with(list + '['); };
    std::erase_if(l.origins, [&](auto const& entry) { return is_entry(entry.first); });
    std::erase_if(l.broken, is_entry);
}

bool is_list(loading& l, value const& v, std::string const& list) {
    l.origins.insert_or_assign(list, v.at);
    if (v.is == value::type::list) return true;
    l.wrong.add(v.at, list, "expected a list of tables ([[" + list + "]]), found " + describe(v));
    return false;
}

template <class Record>
std::vector<Record> read_records(loading& l, value const& v, std::string const& list,
                                 std::span<setting<Record> const> rows) {
    using type = value::type;
    std::vector<Record> records;
    forget_entries(l, list);
    if (!is_list(l, v, list)) return records;
    for (auto const& item : v.items) {
        auto const name = list + '[' + std::to_string(records.size()) + ']';
        l.origins.insert_or_assign(name, item.at);
        if (item.is != type::table)
            l.wrong.add(item.at, name, "expected a table, found " + describe(item, true));
        records.push_back(read_record(l, item, name, rows));
        if (item.is != type::table) l.broken.insert(name);
    }
    return records;
}

}  // namespace

void apply_clients(loading& l, value const& list) {
    l.result.clients = read_records(l, list, "clients", client_settings());
}

void apply_client_documents(loading& l, value const& list) {
    l.result.client_documents =
        read_records(l, list, "client_documents", client_document_settings());
}

void apply_scenarios(loading& l, value const& list) {
    if (!is_list(l, list, "scenarios")) return;
    std::size_t i = 0;
    for (auto const& item : list.items) {
        auto const name = "scenarios[" + std::to_string(i++) + ']';
        if (item.is != value::type::table)
            l.wrong.add(item.at, name, "expected a table, found " + describe(item, true));
    }
    l.result.scenarios = list;
}

void apply_trusted_issuers(loading& l, value const& list) {
    l.result.trusted_issuers = read_records(l, list, "trusted_issuers", trusted_issuer_settings());
}

void apply_users(loading& l, value const& list) {
    l.result.users = read_records(l, list, "users", user_settings());
}

}  // namespace tollgate::settings
