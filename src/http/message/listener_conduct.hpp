// How a listener treats connections, where it is to treat them wrongly: for tests of clients.
#pragma once

#include <functional>

namespace tollgate::http {

// What is wrong with the TLS that a listener speaks.
enum class tls_flaw {
    self_signed,         // the certificate is signed by its own key
    unknown_ca,          // by a CA that nobody was given
    expired,             // yesterday
    not_yet_valid,       // before tomorrow
    wrong_host,          // made out to another name
    revoked,             // so says the OCSP answer that comes with it (RFC 6066 §8)
    old_version,         // TLS 1.1 at most (RFC 8996)
    weak_cipher,         // a cipher suite that does not encrypt (RFC 9325 §4.1)
    no_alpn,             // no protocol is chosen (RFC 7301)
    no_close_notify,     // answers end with the connection, without close_notify (RFC 8446 §6.1)
    unrecognized_name,   // the handshake ends with that alert (RFC 6066 §3)
    client_certificate,  // a certificate of the client is required
};

struct listener_conduct {
    enum class manner {
        serve,          // as it should be
        refuse,         // nothing listens; the port stays ours
        no_accept,      // connections come about and are never accepted
        backlog_full,   // no connection comes about: SYN is never answered
        silent,         // accepted, read from, never answered
        end,            // accepted and ended
        reset,          // accepted and reset
        tls,            // served through TLS that has a flaw
        cut_handshake,  // reset behind the first bytes of the client's handshake
        plain,          // plain HTTP where the client expects TLS
    };

    manner how = manner::serve;
    tls_flaw flaw = tls_flaw::expired;
    // Asked about each connection that is accepted: whether it is treated so; the others are
    // served. Any thread. Empty: all are.
    std::function<bool()> acts;

    // No connection is accepted: nobody can be asked about one.
    bool accepts_nobody() const noexcept {
        return how == manner::refuse || how == manner::no_accept || how == manner::backlog_full;
    }
    // Clients are to come with TLS, whatever the server is configured to speak.
    bool expects_tls() const noexcept {
        return how == manner::tls || how == manner::cut_handshake || how == manner::plain;
    }
    // The client can know the CA: what is wrong is wrong with something else.
    bool has_known_ca() const noexcept {
        return expects_tls() && !(how == manner::tls &&
                                  (flaw == tls_flaw::self_signed || flaw == tls_flaw::unknown_ca));
    }
};

}  // namespace tollgate::http
