// No token that we did not sign may verify, whatever it looks like; proofs and key sets of
// strangers must not hurt the parsers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "oauth/dpop/proof.hpp"
#include "oauth/jose/signing_key.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace tollgate;
    using namespace tollgate::oauth;
    static std::vector<verification_key> const keys{
        signing_key::generate(jws_algorithm::es256).verifier(),
        signing_key::generate(jws_algorithm::hs256).verifier()};
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    jwt_expectations expected;
    expected.algorithms = {jws_algorithm::es256, jws_algorithm::hs256};
    expected.issuer = [](std::string_view) { return true; };
    if (verify_jwt(text, keys, expected)) std::abort();

    dpop_expectations proof;
    proof.method = "POST";
    proof.is_target = [](std::string_view htu) {
        return is_same_target(htu, "http://localhost:9100", "/token");
    };
    (void)check_dpop_proof(text, proof);
    (void)is_same_target(text, "http://localhost:9100", text);
    (void)parse_jwks(text);
    return 0;
}
