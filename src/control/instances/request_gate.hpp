// Request gate: in front of the whole server, where several instances share a store. A request of a
// realm that is ours goes on; others are answered by the instance whose they are.
//
// Of no realm are /healthz, /readyz and /metrics, which each instance answers for itself; making a
// realm, which is of the instance that was asked from then on; and the list of realms, which is put
// together of those of all. What is about a realm by its name (/control/realms/NAME/…) is answered
// by its instance, and not by that of the realm below which it was asked for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"
#include "control/realms/realm_registry.hpp"
#include "http/message/listener.hpp"
#include "http/message/request.hpp"
#include "http/realm/resolver.hpp"
#include "http/relay/passing.hpp"
#include "store/ownership.hpp"

namespace tollgate::control {

class request_gate {
public:
    using service = std::function<task<http::reply>(
        http::request const&, http::listener_info const&, boost::asio::any_io_executor)>;

    // Answers what is ours. All must outlive it.
    request_gate(realm_registry& realms, http::resolver const& names, oauth::realm_owners& owners,
                 service inner);

    // As http::service. `passed`: another instance has passed it on, and it is not passed on again.
    task<http::reply> answer(http::request const& r, http::listener_info const& l,
                             boost::asio::any_io_executor on, bool passed);

private:
    enum class scope { here, all_realms, realm };
    struct subject {
        scope of = scope::here;
        std::string realm;
    };

    subject subject_of(http::request const& r, http::listener_info const& l) const;
    task<http::reply> answer_for(std::string realm, http::request const& r,
                                 http::listener_info const& l, boost::asio::any_io_executor on,
                                 bool passed);
    task<outcome<std::optional<oauth::instance>>> elsewhere(std::string realm, bool passed);
    std::optional<oauth::instance> known(std::string_view realm) const;
    void note(std::string const& realm, std::string id, std::string address);
    void forget(std::string const& realm);
    http::reply pass_to(std::string const& realm, oauth::instance const& owner,
                        http::request const& r);
    http::reply unavailable(http::request const& r, problem const& why) const;
    task<http::reply> list_all(http::request const& r, http::listener_info const& l,
                               boost::asio::any_io_executor on);

    realm_registry& realms_;
    http::resolver const& names_;
    oauth::realm_owners& owners_;
    service const inner_;
    mutable std::shared_mutex mutex_;
    struct whereabouts {
        oauth::instance owner;
        bool doubtful = false;  // it was not reached, or said that it is not the one
    };
    std::map<std::string, whereabouts, std::less<>> known_;
};

}  // namespace tollgate::control
