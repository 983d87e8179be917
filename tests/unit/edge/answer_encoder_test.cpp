#include <muster/edge/answer_encoder.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <muster/api/content_coding.hpp>
#include <muster/memory/simulated_loop.hpp>
#include <unit/edge/gunzip.hpp>

namespace muster {
namespace {

constexpr std::size_t kLength = 10'000;

Response text_of(std::size_t length) {
    Response response;
    response.content_type = "text/plain";
    response.body.head = "head";
    response.body.shared = std::make_shared<std::string const>(length - 4, 'x');
    response.add_header("ETag", R"("1")");
    return response;
}

/// An encoder whose lane does a job when the test lets a millisecond pass.
class AnswerEncoderTest : public ::testing::Test {
protected:
    /// Where the answer comes once it does.
    std::shared_ptr<std::optional<Response>> ask(Response response, bool wanted = true) {
        auto answer = std::make_shared<std::optional<Response>>();
        encoder_.encode(std::move(response), wanted,
                        [answer](Response encoded) { answer->emplace(std::move(encoded)); });
        return answer;
    }
    void pass() { loop_.run_for(1ms); }

    SimulatedLoop loop_;
    std::optional<SimulatedLane> lane_{
        std::in_place, loop_, SimulatedLane::Options{.apply_after = 1ms, .queue_limit = 3}};
    EncodeCounters counters_;
    AnswerEncoder encoder_{&*lane_, 3 * kLength, counters_};
};

TEST_F(AnswerEncoderTest, PacksOnTheLane) {
    auto const answer = ask(text_of(kLength));
    EXPECT_FALSE(*answer) << "the loop does not wait for it";
    pass();
    ASSERT_TRUE(*answer);
    auto const& packed = **answer;
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(packed.header("ETag"), R"(W/"1")");
    EXPECT_EQ(packed.content_type, "text/plain");
    EXPECT_EQ(gunzip(packed.body.text()), text_of(kLength).body.text());
    EXPECT_EQ(counters_.packed, 1U);
}

TEST_F(AnswerEncoderTest, LeavesPlainWhatIsNotAskedForOrShort) {
    auto const unasked = ask(text_of(kLength), false);
    auto const short_one = ask(text_of(kGzipFrom - 1));
    for (auto const& answer : {unasked, short_one}) {
        ASSERT_TRUE(*answer) << "at once";
        EXPECT_EQ((*answer)->header("Content-Encoding"), "");
        EXPECT_EQ((*answer)->header("Vary"), "Accept-Encoding") << "the next may be another";
        EXPECT_EQ((*answer)->header("ETag"), R"(W/"1")");
    }
    EXPECT_EQ((*unasked)->body.text(), text_of(kLength).body.text());
    auto const edge_of_it = ask(text_of(kGzipFrom));
    EXPECT_FALSE(*edge_of_it);
    auto image = text_of(kLength);
    image.content_type = "image/png";
    auto const other = ask(std::move(image));
    ASSERT_TRUE(*other);
    EXPECT_EQ((*other)->header("Vary"), "");
    EXPECT_EQ((*other)->header("ETag"), R"("1")");
    EXPECT_EQ(counters_.left_plain, 0U);
}

TEST_F(AnswerEncoderTest, A304NamesTheSameTagAndVaries) {
    Response unchanged;
    unchanged.status = 304;
    unchanged.add_header("ETag", R"("1")");
    auto const answer = ask(std::move(unchanged));
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->header("ETag"), R"(W/"1")");
    EXPECT_EQ((*answer)->header("Vary"), "Accept-Encoding");
    EXPECT_EQ((*answer)->header("Content-Encoding"), "");
}

TEST_F(AnswerEncoderTest, SendsPlainWhatTheLaneDoesNotTake) {
    std::vector<std::shared_ptr<std::optional<Response>>> waiting;
    for (int index = 0; index < 3; ++index) {
        waiting.push_back(ask(text_of(2'000)));
    }
    auto const beyond = ask(text_of(2'000));
    ASSERT_TRUE(*beyond);
    EXPECT_EQ((*beyond)->body.text(), text_of(2'000).body.text());
    EXPECT_EQ((*beyond)->header("Content-Encoding"), "");
    EXPECT_EQ((*beyond)->header("Vary"), "Accept-Encoding");
    EXPECT_EQ(counters_.left_plain, 1U);
    loop_.run_for(10ms);
    for (auto const& answer : waiting) {
        ASSERT_TRUE(*answer);
        EXPECT_EQ((*answer)->header("Content-Encoding"), "gzip");
    }
}

TEST_F(AnswerEncoderTest, HoldsNoMoreThanItsBytes) {
    auto const first = ask(text_of(kLength));
    auto const second = ask(text_of(2 * kLength));
    auto const beyond = ask(text_of(kGzipFrom));
    EXPECT_FALSE(*first);
    EXPECT_FALSE(*second);
    ASSERT_TRUE(*beyond) << "the bytes are full, the lane is not";
    EXPECT_EQ((*beyond)->header("Content-Encoding"), "");
    auto const huge = ask(text_of(4 * kLength));
    EXPECT_TRUE(*huge) << "would never fit";
    EXPECT_EQ(counters_.left_plain, 2U);
    pass();
    EXPECT_TRUE(*first);
    auto const after = ask(text_of(kLength));
    EXPECT_FALSE(*after) << "what was done makes room";
    loop_.run_for(10ms);
    EXPECT_TRUE(*second);
    EXPECT_TRUE(*after);
    EXPECT_EQ(counters_.packed, 3U);
}

TEST_F(AnswerEncoderTest, PacksWhatLastsOnce) {
    auto const file = std::make_shared<std::string const>(kLength, 'y');
    auto const response = [&file] {
        Response lasting;
        lasting.content_type = "text/css";
        lasting.body.shared = file;
        lasting.lasting = true;
        return lasting;
    };
    auto const first = ask(response());
    pass();
    ASSERT_TRUE(*first);
    auto const second = ask(response());
    ASSERT_TRUE(*second) << "without the lane";
    EXPECT_EQ((*second)->body.shared, (*first)->body.shared);
    EXPECT_EQ((*second)->headers, (*first)->headers);
    EXPECT_EQ(gunzip((*second)->body.text()), *file);
    auto const plain = ask(response(), false);
    ASSERT_TRUE(*plain);
    EXPECT_EQ((*plain)->body.shared, file);
}

TEST_F(AnswerEncoderTest, SendsPlainWhatGzipDoesNotMakeSmaller) {
    Response response;
    response.content_type = "text/plain";
    std::uint64_t state = 88'172'645'463'325'252U;
    while (response.body.head.size() < kLength) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        response.body.head += static_cast<char>(state & 0xFFU);
    }
    auto const text = response.body.head;
    auto const answer = ask(std::move(response));
    pass();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->header("Content-Encoding"), "");
    EXPECT_EQ((*answer)->body.text(), text);
}

TEST_F(AnswerEncoderTest, WithoutALaneNothingIsTouched) {
    AnswerEncoder none{nullptr, kLength, counters_};
    std::optional<Response> answer;
    none.encode(text_of(kLength), true, [&answer](Response same) { answer = std::move(same); });
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->headers, text_of(kLength).headers);
}

TEST_F(AnswerEncoderTest, AnEndingLaneLetsGoOfWhoWaits) {
    auto const held = std::make_shared<int>(1);
    encoder_.encode(text_of(kLength), true, [held](Response) { ADD_FAILURE() << "too late"; });
    EXPECT_EQ(held.use_count(), 2);
    lane_.reset();
    loop_.run_for(1s);
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace muster
