#include <muster/tcp/tcp_stream.hpp>

#include <array>
#include <cerrno>
#include <utility>

#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace muster {
namespace {

namespace asio = boost::asio;
namespace ip = boost::asio::ip;

struct TcpStreams : ::testing::Test, TcpStreamUser {
    TcpStreams() {
        EXPECT_EQ(stream->connect(acceptor.local_endpoint()), 0);
        peer = acceptor.accept();
        stream->set_user(this);
    }

    void ready() override { ++told; }

    asio::io_context context;
    ip::tcp::acceptor acceptor{context, {ip::address_v4::loopback(), 0}};
    ip::tcp::socket peer{context};
    TcpStreamPool pool{context};
    TcpStreamPtr stream{pool.take()};
    int told{0};
};

TEST_F(TcpStreams, TellATurnBesidesAWait) {
    stream->wait_readable();
    context.poll();
    EXPECT_EQ(told, 0);
    stream->next_turn();
    stream->next_turn();
    context.poll();
    EXPECT_EQ(told, 1) << "of the turn, once";
    EXPECT_TRUE(stream->is_waiting()) << "for the socket, as before";
    stream->wait_readable();
    asio::write(peer, asio::buffer("x", 1));
    while (stream->is_waiting()) {
        context.run_one();
    }
    EXPECT_EQ(told, 2) << "of the socket, once";
    std::array<char, 4> room{};
    EXPECT_EQ(stream->receive(room).bytes, 1U);
    context.restart();
    EXPECT_EQ(context.poll(), 0U) << "nothing is left under way";
}

TEST_F(TcpStreams, AreNotUsedAgainWhileAWaitIsLeft) {
    stream->wait_readable();
    stream->next_turn();
    context.poll();
    EXPECT_EQ(told, 1);
    auto const* const first = stream.get();
    stream->close();
    pool.give_back(stream);
    EXPECT_NE(pool.take().get(), first) << "its wait has not ended";
    context.restart();
    context.run();
    pool.give_back(std::exchange(stream, nullptr));
    EXPECT_EQ(pool.take().get(), first);
    EXPECT_EQ(told, 1) << "nobody is told of a closed one";
}

}  // namespace
}  // namespace muster
