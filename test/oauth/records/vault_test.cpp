// The vault: what the store keeps of codes and tokens, under which name, in which groups and until
// when.
#include "oauth/records/vault_bench.hpp"

#include <set>

using namespace test::records;

BOOST_FIXTURE_TEST_SUITE(vault_records, vault_bench)

// Who can read the store can use nothing of it.
BOOST_AUTO_TEST_CASE(keeps_every_secret_as_its_digest_alone) {
    done(v.add_code("r", "the-code", code(), time.now() + 1min)).value();
    done(v.add_issued("r", login_of_three())).value();
    device_authorization d;
    d.user_code = "WDJBMJHT";
    done(v.add_device("r", "the-device", d, time.now() + 1h)).value();
    done(v.add_seed("r", "the-seed")).value();
    done(v.first_time_seen("r", "the-jti", time.now() + 1h)).value();
    std::set<std::string> names;
    for (auto const& kept : *done(s.copy("r"))) {
        names.insert(kept.key);
        for (auto const* secret : {"the-code", "the-device", "the-seed", "the-jti"})
            BOOST_TEST(kept.record.body.find(secret) == std::string::npos, kept.record.body);
    }
    std::set<std::string> const expected{digest_of("the-code"),   digest_of("at"),
                                         digest_of("rt"),         digest_of("idt"),
                                         digest_of("the-device"), digest_of("WDJBMJHT"),
                                         digest_of("the-jti"),    "added:" + digest_of("the-seed")};
    BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(looks_at_a_code_without_using_it_up) {
    done(v.add_code("r", "code", code(), time.now() + 1min)).value();
    BOOST_TEST(done(v.find_code("r", "code"))->first_time);
    BOOST_TEST(done(v.find_code("r", "code"))->first_time);
    BOOST_TEST(done(v.redeem_code("r", "code"))->first_time);
    BOOST_TEST(!done(v.find_code("r", "code"))->first_time);
    auto const again = done(v.redeem_code("r", "code"));
    BOOST_TEST(!again->first_time);
    BOOST_TEST(again->code.grant.family == "f");
}

BOOST_AUTO_TEST_CASE(notes_that_a_code_gave_nothing_and_changes_nothing_else_of_it) {
    done(v.add_code("r", "code", code(), time.now() + 1min)).value();
    done(v.redeem_code("r", "code")).value();
    BOOST_TEST(said(v.spoil_code("r", "code")) == "done");
    auto const spoiled = done(v.find_code("r", "code"));
    BOOST_TEST(spoiled->code.spoiled);
    BOOST_TEST(!spoiled->first_time);
    BOOST_TEST(*done(v.revoke_client("r", "c")) == 1u);
    BOOST_TEST(said(v.spoil_code("r", "code")) == "done");  // it is gone
}

BOOST_AUTO_TEST_CASE(redeems_a_code_as_it_is_by_then) {
    done(v.add_code("r", "code", code(), time.now() + 1min)).value();
    auto const known = done(v.find_code("r", "code")).value();
    auto const first = done(v.redeem_found("r", known));
    BOOST_TEST(first->first_time);
    BOOST_TEST(first->code.grant.client_id == "c");
    BOOST_TEST(first->code.grant.family == "f");
    done(v.spoil_code("r", "code")).value();
    auto const second = done(v.redeem_found("r", known));
    BOOST_TEST(!second->first_time);
    BOOST_TEST(second->code.spoiled);
    BOOST_TEST(second->code.grant.family == "f");
}

BOOST_AUTO_TEST_CASE(leaves_a_spoiled_code_its_own_time) {
    done(v.add_code("r", "code", code(), time.now() + 1min)).value();
    done(v.spoil_code("r", "code")).value();
    time.advance(1min);
    BOOST_TEST(said(v.find_code("r", "code")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(gives_a_token_back_with_its_family_and_its_end) {
    done(v.add_issued("r", login_of_three())).value();
    auto const at = done(v.find_access("r", "at"));
    BOOST_TEST(at->grant.family == "f");
    BOOST_TEST((at->expires_at == time.now() + 1h));
    auto const rt = done(v.find_refresh("r", "rt"));
    BOOST_TEST(rt->token.grant.family == "f");
    BOOST_TEST((rt->token.expires_at == time.now() + 24h));
    BOOST_TEST(!rt->token.used);
    BOOST_TEST(done(v.find_id_token("r", "idt"))->id == "jti");
    BOOST_TEST(said(v.find_access("q", "at")) == "404 not_found");
    BOOST_TEST(said(v.find_access("r", "rt")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(gives_a_token_back_as_its_record_is_now) {
    for (auto const* id : {"first", "second"}) {
        done(v.add_access("r", "at", access(login(), id))).value();
        BOOST_TEST(done(v.find_access("r", "at"))->id == id);
        BOOST_TEST(done(v.find_access("r", "at"))->id == id);
        done(v.erase_access("r", "at")).value();
        BOOST_TEST(said(v.find_access("r", "at")) == "404 not_found");
    }
}

BOOST_AUTO_TEST_CASE(issues_all_of_a_grant_or_nothing) {
    done(v.add_access("r", "at", access(login("g"), "other"))).value();
    BOOST_TEST(said(v.add_issued("r", login_of_three())) == "409 conflict");
    BOOST_TEST(said(v.find_refresh("r", "rt")) == "404 not_found");
    BOOST_TEST(said(v.find_id_token("r", "idt")) == "404 not_found");
    BOOST_TEST(said(v.add_issued("r", {})) == "done");
}

BOOST_AUTO_TEST_CASE(revokes_an_access_token_with_what_came_of_it_alone) {
    done(v.add_issued("r", login_of_three())).value();
    done(v.add_access("r", "exchanged", access(login("g", {"f", "jti"}), "jti2"))).value();
    done(v.add_access("r", "sibling", access(login(), "jti3"))).value();
    auto const found = done(v.find_access("r", "at"));
    BOOST_TEST(said(v.revoke_access("r", "at", *found)) == "done");
    for (auto const* gone : {"at", "exchanged"})
        BOOST_TEST(said(v.find_access("r", gone)) == "404 not_found", gone);
    BOOST_TEST(said(v.find_id_token("r", "idt")) == "404 not_found");
    BOOST_TEST(said(v.find_refresh("r", "rt")) == "done");
    BOOST_TEST(said(v.find_access("r", "sibling")) == "done");
}

BOOST_AUTO_TEST_CASE(kills_what_was_exchanged_for_a_token_with_the_family_of_that) {
    done(v.add_issued("r", login_of_three())).value();
    done(v.add_access("r", "exchanged", access(login("g", {"f"}), "jti2"))).value();
    BOOST_TEST(*done(v.revoke_family("r", "g")) == 1u);
    BOOST_TEST(said(v.find_access("r", "at")) == "done");
    done(v.add_access("r", "again", access(login("h", {"f"}), "jti3"))).value();
    BOOST_TEST(*done(v.revoke_family("r", "f")) == 4u);
}

BOOST_AUTO_TEST_CASE(tells_the_first_use_of_a_refresh_token_however_often_it_is_spent) {
    auto const first = time.now();
    done(v.add_issued("r", login_of_three())).value();
    done(v.spend_refresh("r", "rt", first)).value();
    time.advance(5s);
    done(v.spend_refresh("r", "rt", time.now())).value();
    auto const found = done(v.find_refresh("r", "rt"));
    BOOST_TEST((found->token.used_at == first));
    BOOST_TEST(found->token.used);
    BOOST_TEST(!*done(v.redeem_refresh("r", "rt")));
    BOOST_TEST(said(v.spend_refresh("r", "nobody", first)) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(lets_the_first_writer_of_many_say_when_a_refresh_token_was_used) {
    done(v.add_issued("r", login_of_three())).value();
    auto const now = time.now();
    s.before_call(2, [&] { done(v.spend_refresh("r", "rt", now + 1s)).value(); });
    BOOST_TEST(said(v.spend_refresh("r", "rt", now + 9s)) == "done");
    BOOST_TEST((done(v.find_refresh("r", "rt"))->token.used_at == now + 1s));
}

BOOST_AUTO_TEST_CASE(lets_one_successor_take_the_place_of_a_refresh_token) {
    done(v.add_issued("r", login_of_three())).value();
    auto const old = digest_of("rt");
    BOOST_TEST(*done(v.supersede_refresh("r", old, "first")));
    BOOST_TEST(!*done(v.supersede_refresh("r", old, "second")));
    BOOST_TEST(*done(v.supersede_refresh("r", old, "first")));
    BOOST_TEST(done(v.find_refresh("r", "rt"))->token.used);
    // It has expired: nobody else can be first.
    BOOST_TEST(*done(v.supersede_refresh("r", digest_of("gone"), "second")));
}

BOOST_AUTO_TEST_CASE(lets_the_faster_of_two_successors_take_the_place) {
    done(v.add_issued("r", login_of_three())).value();
    auto const old = digest_of("rt");
    s.before_call(2, [&] { BOOST_TEST(*done(v.supersede_refresh("r", old, "faster"))); });
    BOOST_TEST(!*done(v.supersede_refresh("r", old, "slower")));
}

// supersede_refresh names the successor, and the store is away before it can redeem.
BOOST_AUTO_TEST_CASE(takes_a_refresh_token_with_a_successor_for_used) {
    done(v.add_issued("r", login_of_three())).value();
    s.fail_at(3);  // read, written, redeemed
    BOOST_TEST(said(v.supersede_refresh("r", digest_of("rt"), "next")) ==
               "503 temporarily_unavailable");
    BOOST_TEST(done(v.find_refresh("r", "rt"))->token.used);
}

BOOST_AUTO_TEST_CASE(sees_an_identifier_for_the_first_time_once_until_it_is_over) {
    BOOST_TEST(*done(v.first_time_seen("r", "jti of a", time.now() + 10s)));
    BOOST_TEST(!*done(v.first_time_seen("r", "jti of a", time.now() + 1h)));
    BOOST_TEST(*done(v.first_time_seen("r", "jti of b", time.now() + 10s)));
    BOOST_TEST(*done(v.first_time_seen("q", "jti of a", time.now() + 10s)));
    done(v.forget("r", kinds_of_logins())).value();
    BOOST_TEST(!*done(v.first_time_seen("r", "jti of a", time.now() + 10s)));
    time.advance(10s);
    BOOST_TEST(*done(v.first_time_seen("r", "jti of a", time.now() + 10s)));
}

BOOST_AUTO_TEST_CASE(says_server_error_of_what_is_damaged_and_leaves_it) {
    put(kind::client, "c", "[]");
    put(kind::code, digest_of("x"), "{\"client\":7}");
    put(kind::access_token, digest_of("x"), "");
    put(kind::refresh_token, digest_of("x"), "{}");
    put(kind::device_code, digest_of("x"), "{");
    BOOST_TEST(said(v.find_client("r", "c")) == "500 server_error");
    BOOST_TEST(said(v.keep_client("r", "c")) == "500 server_error");
    BOOST_TEST(said(v.replace_client("r", registered())) == "500 server_error");
    BOOST_TEST(said(v.find_code("r", "x")) == "500 server_error");
    BOOST_TEST(said(v.spoil_code("r", "x")) == "500 server_error");
    BOOST_TEST(said(v.find_access("r", "x")) == "500 server_error");
    BOOST_TEST(said(v.supersede_refresh("r", digest_of("x"), "y")) == "500 server_error");
    BOOST_TEST(said(v.spend_refresh("r", "x", time.now())) == "500 server_error");
    BOOST_TEST(said(v.find_device("r", "x")) == "500 server_error");
    BOOST_TEST(done(s.get("r", kind::client, "c"))->body == "[]");
}

// RFC 9110 §15.6.4: come back later; what it was is for the log
BOOST_AUTO_TEST_CASE(says_when_to_come_back_where_the_store_is_away) {
    s.fail_at(1);
    auto const got = done(v.find_access("r", "at"));
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().status() == 503u);
    BOOST_TEST(got.error().error() == "temporarily_unavailable");
    BOOST_TEST(got.error().headers().get("Retry-After") == "1");
    BOOST_TEST(got.error().log_text() == "store: unavailable");
    s.fail_at(1);
    BOOST_TEST(said(v.first_time_seen("r", "jti", time.now() + 1h)) ==
               "503 temporarily_unavailable");
    s.fail_at(2);  // what came of it is dead, and the token can be revoked again
    BOOST_TEST(said(v.revoke_access("r", "at", access(login()))) == "503 temporarily_unavailable");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(vault_clients, vault_bench)

BOOST_AUTO_TEST_CASE(forgets_an_unused_client_at_the_moment_that_it_was_told) {
    done(v.add_client("r", registered(true), time.now() + 10s)).value();
    time.advance(10s - 1ns);
    BOOST_TEST(done(v.find_client("r", "c"))->unused);
    time.advance(1ns);
    BOOST_TEST(said(v.find_client("r", "c")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(keeps_a_client_that_is_in_use_whatever_the_time_of_the_unused_is) {
    done(v.add_client("r", registered(), time.now() + 10s)).value();
    time.advance(24h * 365);
    BOOST_TEST(said(v.find_client("r", "c")) == "done");
}

BOOST_AUTO_TEST_CASE(keeps_an_unused_client_for_good_from_its_first_token_on) {
    done(v.add_client("r", registered(true), time.now() + 10s)).value();
    done(v.keep_client("r", "c")).value();
    time.advance(24h * 365);
    BOOST_TEST(!done(v.find_client("r", "c"))->unused);
}

BOOST_AUTO_TEST_CASE(makes_no_client_of_one_that_is_gone_when_it_is_to_be_kept) {
    BOOST_TEST(said(v.keep_client("r", "c")) == "done");
    BOOST_TEST(said(v.find_client("r", "c")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(keeps_what_was_changed_of_a_client_while_it_got_its_first_token) {
    done(v.add_client("r", registered(true), time.now() + 10s)).value();
    s.before_call(2, [&] {  // it was read, and is about to be written
        auto changed = registered(true);
        changed.metadata["client_name"] = "New";
        done(v.replace_client("r", changed)).value();
    });
    done(v.keep_client("r", "c")).value();
    auto const kept = done(v.find_client("r", "c"));
    BOOST_TEST(!kept->unused);
    BOOST_TEST(kept->metadata.at("client_name").as_string() == "New");
}

BOOST_AUTO_TEST_CASE(lets_no_update_make_a_client_unused_again) {
    done(v.add_client("r", registered(true), time.now() + 10s)).value();
    auto const read_before = *done(v.find_client("r", "c"));
    done(v.keep_client("r", "c")).value();
    done(v.replace_client("r", read_before)).value();
    time.advance(11s);
    BOOST_TEST(!done(v.find_client("r", "c"))->unused);
}

BOOST_AUTO_TEST_CASE(lets_an_update_of_an_unused_client_win_it_no_time) {
    done(v.add_client("r", registered(true), time.now() + 10s)).value();
    done(v.replace_client("r", registered(true))).value();
    time.advance(10s);
    BOOST_TEST(said(v.find_client("r", "c")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(updates_no_client_that_somebody_else_has_changed_meanwhile) {
    done(v.add_client("r", registered(), time.now())).value();
    s.before_call(2, [&] { done(v.replace_client("r", registered())).value(); });
    BOOST_TEST(said(v.replace_client("r", registered())) == "409 conflict");
    BOOST_TEST(said(v.replace_client("q", registered())) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(tells_one_of_two_who_delete_a_client_at_once_that_it_did) {
    done(v.add_client("r", registered(), time.now())).value();
    std::optional<bool> other;
    s.before_call(2, [&] { other = *done(v.erase_client("r", "c")); });
    BOOST_TEST(*done(v.erase_client("r", "c")));
    BOOST_TEST(*other == false);
    BOOST_TEST(said(v.erase_client("r", "c")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(revokes_all_that_a_client_got_and_leaves_the_client) {
    done(v.add_client("r", registered(), time.now())).value();
    done(v.add_issued("r", login_of_three())).value();
    auto of_another = login("g");
    of_another.client_id = "d";
    done(v.add_access("r", "other", access(of_another))).value();
    BOOST_TEST(*done(v.revoke_client("r", "c")) == 3u);
    BOOST_TEST(said(v.find_access("r", "other")) == "done");
    BOOST_TEST(said(v.find_client("r", "c")) == "done");
    BOOST_TEST(said(v.add_access("r", "late", access(login("h")))) == "409 group_dead");
}

BOOST_AUTO_TEST_CASE(gives_a_seeded_token_to_the_faster_of_two) {
    done(v.add_issued("r", login_of_three())).value();
    auto found = *done(v.find_refresh("r", "rt"));
    found.token.grant.client_id = "d";
    BOOST_TEST(said(v.bind_refresh("r", "rt", found)) == "done");
    BOOST_TEST(said(v.bind_refresh("r", "rt", found)) == "409 conflict");
    BOOST_TEST(*done(v.revoke_client("r", "d")) == 1u);
}

BOOST_AUTO_TEST_CASE(uses_a_seed_once_until_it_is_seeded_again) {
    BOOST_TEST(said(v.use_seed("r", "seed", refresh(login()))) == "done");
    BOOST_TEST(said(v.use_seed("r", "seed", refresh(login("g")))) == "409 conflict");
    BOOST_TEST(done(v.find_seeds("r"))->used.at(0) == digest_of("seed"));
    BOOST_TEST(said(v.add_seed("r", "seed")) == "done");
    BOOST_TEST(said(v.find_refresh("r", "seed")) == "404 not_found");
    auto const again = done(v.find_seeds("r"));
    BOOST_TEST(again->used.empty());
    BOOST_TEST(again->added.at(0) == digest_of("seed"));
    BOOST_TEST(said(v.add_seed("r", "seed")) == "done");
    BOOST_TEST(done(v.find_seeds("r"))->added.size() == 1u);
    BOOST_TEST(said(v.use_seed("r", "seed", refresh(login("g")))) == "done");
}

// A family that was revoked does not make its seed good for another use.
BOOST_AUTO_TEST_CASE(remembers_a_seed_that_was_used_when_its_family_is_revoked) {
    done(v.use_seed("r", "seed", refresh(login()))).value();
    BOOST_TEST(*done(v.revoke_family("r", "f")) == 1u);
    BOOST_TEST(said(v.use_seed("r", "seed", refresh(login("g")))) == "409 conflict");
}

BOOST_AUTO_TEST_CASE(finds_a_device_by_either_of_its_codes) {
    device_authorization d;
    d.grant = login();
    d.user_code = "WDJBMJHT";
    d.expires_at = time.now() + 10min;
    done(v.add_device("r", "device", d, time.now() + 1h)).value();
    auto const by_user = done(v.find_device_of("r", "WDJBMJHT"));
    BOOST_TEST(by_user->key == digest_of("device"));
    BOOST_TEST(by_user->device.grant.family == "f");
    time.advance(30min);  // it is over for the person, and known to be
    auto const later = done(v.find_device("r", "device"));
    BOOST_TEST((later->device.expires_at < time.now()));
    BOOST_TEST((later->keep_until == time.now() + 30min));
    time.advance(30min);
    BOOST_TEST(said(v.find_device("r", "device")) == "404 not_found");
    BOOST_TEST(said(v.find_device_of("r", "WDJBMJHT")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(begins_no_device_whose_user_code_is_taken) {
    device_authorization d;
    d.user_code = "WDJBMJHT";
    done(v.add_device("r", "first", d, time.now() + 1h)).value();
    BOOST_TEST(said(v.add_device("r", "second", d, time.now() + 1h)) == "409 conflict");
    BOOST_TEST(said(v.find_device("r", "second")) == "404 not_found");
}

BOOST_AUTO_TEST_CASE(lets_one_decision_about_a_device_count) {
    device_authorization d;
    d.user_code = "WDJBMJHT";
    done(v.add_device("r", "device", d, time.now() + 1h)).value();
    auto found = *done(v.find_device("r", "device"));
    found.device.decided = device_authorization::decision::approved;
    BOOST_TEST(said(v.replace_device("r", found)) == "done");
    found.device.decided = device_authorization::decision::denied;
    BOOST_TEST(said(v.replace_device("r", found)) == "409 conflict");
    BOOST_TEST(*done(v.redeem_device("r", found.key)));
    BOOST_TEST(!*done(v.redeem_device("r", found.key)));
    auto const used = done(v.find_device("r", "device"));
    BOOST_TEST(used->used);
    BOOST_TEST((used->device.decided == device_authorization::decision::approved));
}

BOOST_AUTO_TEST_SUITE_END()
