#include "cli/store_file.hpp"

#include <algorithm>
#include <istream>
#include <map>
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace tollgate {

namespace {

namespace json = boost::json;

constexpr std::int64_t file_version = 1;

std::string_view name_of_kind(oauth::kind k) {
    return oauth::kind_table.at(static_cast<std::size_t>(k)).name;
}

json::object line_of(std::string const& realm, oauth::kept_record const& one) {
    auto const& r = one.record;
    json::object o;
    o["realm"] = realm;
    o["kind"] = name_of_kind(one.kind);
    o["key"] = one.key;
    o["body"] = r.body;
    if (!r.group.empty()) o["family"] = r.group;
    if (!r.others.empty()) o["groups"] = json::array(r.others.begin(), r.others.end());
    // Nanoseconds since 1970; without it, never.
    if (r.expires_at != time_point::max()) o["expires"] = r.expires_at.time_since_epoch().count();
    if (r.redeemed) o["redeemed"] = true;
    return o;
}

std::string text_in(json::object const& o, std::string_view member) {
    return std::string(o.at(member).as_string());
}

oauth::kept_record record_in(json::object const& o) {
    auto const name = text_in(o, "kind");
    auto const row = std::ranges::find(oauth::kind_table, name, &oauth::kind_row::name);
    if (row == oauth::kind_table.end())
        throw std::runtime_error("no record is of the kind \"" + name.substr(0, 40) + '"');
    oauth::record r(text_in(o, "body"), {}, time_point::max());
    if (o.contains("family")) r.group = text_in(o, "family");
    if (auto const* groups = o.if_contains("groups"))
        for (auto const& group : groups->as_array())
            r.others.emplace_back(group.as_string());
    if (auto const* end = o.if_contains("expires"))
        r.expires_at = time_point(time_point::duration(end->as_int64()));
    if (auto const* used = o.if_contains("redeemed")) r.redeemed = used->as_bool();
    return {row->kind, text_in(o, "key"), std::move(r)};
}

// Reads line by line, and knows where it is.
class line_reader {
public:
    line_reader(std::istream& from, std::string const& name) : from_(from), name_(name) {}

    json::object next(std::string const& expected) {
        std::string line;
        ++number_;
        if (!std::getline(from_, line)) fail("ends where " + expected + " was expected");
        boost::system::error_code wrong;
        auto value = json::parse(line, wrong);
        if (wrong || !value.is_object()) fail("is no JSON object; expected " + expected);
        return std::move(value.get_object());
    }
    [[noreturn]] void fail(std::string const& why) const {
        throw bad_store_file(name_ + ':' + std::to_string(number_) + ": " + why);
    }

private:
    std::istream& from_;
    std::string const& name_;
    std::size_t number_ = 0;
};

void check_head(line_reader const& in, json::object const& head) {
    auto const* version = head.if_contains("tollgate_store");
    if (!version || !head.contains("key")) in.fail("is not what tollgate store export writes");
    if (*version != file_version) in.fail("was written by a later tollgate; use that one");
}

}  // namespace

void leave_out_passing(oauth::taken_out& all) {
    for (auto& [name, records] : all.realms)
        std::erase_if(records, [](oauth::kept_record const& one) {
            return one.kind == oauth::kind::upstream_login;
        });
}

void write_store_file(oauth::taken_out const& all, std::ostream& to) {
    json::object head;
    head["tollgate_store"] = file_version;
    head["key"] = all.key_check;
    to << json::serialize(head) << '\n';
    std::size_t written = 0;
    for (auto const& [realm, records] : all.realms)
        for (auto const& one : records) {
            to << json::serialize(line_of(realm, one)) << '\n';
            ++written;
        }
    to << json::serialize(json::object{{"records", written}}) << '\n';
}

oauth::taken_out read_store_file(std::istream& from, std::string const& name) {
    line_reader in(from, name);
    auto const head = in.next("the head of a store file");
    check_head(in, head);
    std::map<std::string, oauth::realm_records> realms;
    std::size_t read = 0;
    try {
        for (;; ++read) {
            auto const line = in.next("a record, or their number");
            if (auto const* number = line.if_contains("records")) {
                if (number->to_number<std::size_t>() == read) break;
                in.fail("says that there are " + json::serialize(*number) +
                        " records, and there "
                        "were " +
                        std::to_string(read));
            }
            realms[text_in(line, "realm")].push_back(record_in(line));
        }
        oauth::taken_out all;
        all.key_check = text_in(head, "key");
        for (auto& [realm, records] : realms)
            all.realms.emplace_back(realm, std::move(records));
        return all;
    } catch (bad_store_file const&) {
        throw;
    } catch (std::exception const& e) {
        in.fail(std::string("is no record: ") + e.what());
    }
}

}  // namespace tollgate
