// Blocks of content and contents of resources, and the samples that the fixtures show.
#include "mcp/protocol/content.hpp"

#include <array>
#include <cstdint>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

std::uint32_t little_endian(std::string const& bytes, std::size_t at, std::size_t count) {
    std::uint32_t n = 0;
    for (std::size_t i = count; i-- > 0;)
        n = n << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return n;
}

std::uint32_t big_endian(std::string const& bytes, std::size_t at) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < 4; ++i)
        n = n << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return n;
}

// PNG (ISO/IEC 15948), Annex D: CRC-32 of a chunk's type and data.
std::uint32_t crc(std::string_view bytes) {
    std::uint32_t c = 0xFFFFFFFF;
    for (char const byte : bytes) {
        c ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
    }
    return ~c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_content)

// MCP 2025-11-25, Schema, ContentBlock: text, image, audio, resource_link and resource, with the
// members that each requires.
BOOST_AUTO_TEST_CASE(every_block_has_its_type_and_what_its_type_requires) {
    BOOST_TEST(mcp::text_block("a \"b\"\n") ==
               json::parse(R"({"type":"text","text":"a \"b\"\n"})"));
    BOOST_TEST(mcp::text_block("") == json::parse(R"({"type":"text","text":""})"));
    BOOST_TEST(mcp::image_block("AA==", "image/png") ==
               json::parse(R"({"type":"image","data":"AA==","mimeType":"image/png"})"));
    BOOST_TEST(mcp::audio_block("AA==", "audio/wav") ==
               json::parse(R"({"type":"audio","data":"AA==","mimeType":"audio/wav"})"));
    BOOST_TEST(mcp::link_block("a:b", "n", "d", "text/plain") ==
               json::parse(R"({"type":"resource_link","uri":"a:b","name":"n","description":"d",
                   "mimeType":"text/plain"})"));
    BOOST_TEST(mcp::resource_block(mcp::text_contents("a:b", "text/plain", "t")) ==
               json::parse(R"({"type":"resource","resource":{"uri":"a:b","mimeType":"text/plain",
                   "text":"t"}})"));
}

// MCP 2025-11-25, Schema, TextResourceContents and BlobResourceContents: text or blob, never both.
BOOST_AUTO_TEST_CASE(contents_are_a_text_or_a_blob) {
    BOOST_TEST(mcp::text_contents("a:b", "text/plain", "") ==
               json::parse(R"({"uri":"a:b","mimeType":"text/plain","text":""})"));
    BOOST_TEST(mcp::blob_contents("a:b", "image/png", "AA==") ==
               json::parse(R"({"uri":"a:b","mimeType":"image/png","blob":"AA=="})"));
}

BOOST_AUTO_TEST_CASE(a_text_block_lives_in_the_memory_of_its_call) {
    json::storage_ptr const memory = json::make_shared_resource<json::monotonic_resource>();
    BOOST_TEST((mcp::text_block("t", memory).storage() == memory));
    BOOST_TEST((mcp::text_block("t").storage() == json::storage_ptr()));
}

// PNG (ISO/IEC 15948) §5.2, §5.3, §11.2.2: signature, chunks with length and CRC, IHDR first.
BOOST_AUTO_TEST_CASE(the_sample_image_is_one_pixel_that_a_strict_reader_takes) {
    auto const png = tollgate::from_base64(mcp::samples::png).value();
    BOOST_REQUIRE(png.starts_with("\x89PNG\r\n\x1a\n"));
    std::string types;
    std::size_t at = 8;
    while (at < png.size()) {
        auto const length = big_endian(png, at);
        auto const checked = std::string_view(png).substr(at + 4, 4 + length);
        BOOST_TEST(crc(checked) == big_endian(png, at + 8 + length));
        types += std::string(checked.substr(0, 4)) + ' ';
        at += 12 + length;
    }
    BOOST_TEST(at == png.size());
    BOOST_TEST(types == "IHDR IDAT IEND ");
    BOOST_TEST(big_endian(png, 16) == 1u);  // width
    BOOST_TEST(big_endian(png, 20) == 1u);  // height
}

// RFC 2361, Appendix A: WAVE_FORMAT_PCM is 1; the sizes of RIFF count what follows them.
BOOST_AUTO_TEST_CASE(the_sample_sound_is_eight_samples_of_silence) {
    auto const wav = tollgate::from_base64(mcp::samples::wav).value();
    BOOST_REQUIRE(wav.size() == 52u);
    BOOST_TEST(wav.substr(0, 4) == "RIFF");
    BOOST_TEST(little_endian(wav, 4, 4) == wav.size() - 8);
    BOOST_TEST(wav.substr(8, 8) == "WAVEfmt ");
    BOOST_TEST(little_endian(wav, 16, 4) == 16u);
    BOOST_TEST(little_endian(wav, 20, 2) == 1u);     // PCM
    BOOST_TEST(little_endian(wav, 22, 2) == 1u);     // mono
    BOOST_TEST(little_endian(wav, 24, 4) == 8000u);  // samples a second
    BOOST_TEST(little_endian(wav, 28, 4) == 8000u);  // bytes a second
    BOOST_TEST(little_endian(wav, 32, 2) == 1u);     // bytes a sample
    BOOST_TEST(little_endian(wav, 34, 2) == 8u);     // bits a sample
    BOOST_TEST(wav.substr(36, 4) == "data");
    BOOST_TEST(little_endian(wav, 40, 4) == 8u);
    BOOST_TEST(wav.substr(44) == std::string(8, '\x80'));  // the middle of unsigned samples
}

BOOST_AUTO_TEST_SUITE_END()
