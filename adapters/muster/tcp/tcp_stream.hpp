#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <muster/tcp/handler_memory.hpp>

namespace muster {

using TcpEndpoint = boost::asio::ip::tcp::endpoint;

/// Told that what a TcpStream waited for has come.
class TcpStreamUser {
public:
    virtual ~TcpStreamUser() = default;

    virtual void ready() = 0;
};

/// One TCP connection, driven by readiness: reading and writing are direct system calls, and only
/// waiting goes through the loop. So buffers can be shared, nothing is allocated once the object
/// exists, and on fast networks much of the waiting never happens. One wait at a time.
/// Counted references, because a wait that is on its way keeps the object. Loop thread only.
class TcpStream final
    : public boost::intrusive_ref_counter<TcpStream, boost::thread_unsafe_counter> {
public:
    explicit TcpStream(boost::asio::io_context& context);
    ~TcpStream();
    TcpStream(TcpStream const&) = delete;
    TcpStream& operator=(TcpStream const&) = delete;

    /// Who is told; nullptr: nobody, and waits under way end silently.
    void set_user(TcpStreamUser* user) noexcept { user_ = user; }

    /// Opens a socket and starts to connect it. 0: under way (or done already); else the errno, and
    /// the stream is closed.
    [[nodiscard]] int connect(TcpEndpoint const& endpoint);

    /// How connecting goes: 0: connected; EALREADY: under way; else the errno.
    [[nodiscard]] int check_connected();

    /// Whom it was connected to, or is to be.
    [[nodiscard]] TcpEndpoint const& peer() const noexcept { return peer_; }

    /// Connecting to a free port of this machine can, once in some 28,000 times, meet itself: the
    /// kernel chose that very port as ours, and both ends opened at once (RFC 9293 section 3.5).
    [[nodiscard]] bool is_connected_to_itself() const;

    struct Moved {
        std::size_t bytes{0};
        int error{0};  ///< 0, EAGAIN: wait and try again, or another errno.
    };
    [[nodiscard]] Moved send(std::string_view bytes);
    /// No bytes and no error: the peer has closed its side.
    [[nodiscard]] Moved receive(std::span<char> room);

    /// The user is told once, on a later turn of the loop. While a wait is under way, waiting again
    /// changes nothing; but next_turn() tells the user besides, and may be for nothing.
    void wait_readable() { wait(boost::asio::socket_base::wait_read); }
    void wait_writable() { wait(boost::asio::socket_base::wait_write); }
    void next_turn();

    /// Gives the descriptor back at once: close() lets the kernel end the connection in good order,
    /// abort() resets it, so that neither side keeps a trace. Nobody is told any more.
    void close() noexcept;
    void abort() noexcept;

    [[nodiscard]] bool is_waiting() const noexcept { return waiting_ || posted_; }

private:
    using Executor = boost::asio::io_context::executor_type;
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
    class Turn;

    void wait(boost::asio::socket_base::wait_type what);
    void turn(bool& under_way);
    [[nodiscard]] bool enter_loop();

    Socket socket_;  ///< Holds the descriptor once the loop must know it.
    int descriptor_{-1};
    TcpEndpoint peer_;
    bool in_loop_{false};
    bool waiting_{false};  ///< For the socket.
    bool posted_{false};   ///< A turn, maybe besides.
    int wait_error_{0};    ///< Why the loop could not take the descriptor; the next call tells.
    TcpStreamUser* user_{nullptr};
    HandlerMemory memory_;
};

using TcpStreamPtr = boost::intrusive_ptr<TcpStream>;

/// Streams that are closed, kept for use again.
class TcpStreamPool {
public:
    explicit TcpStreamPool(boost::asio::io_context& context) : context_(context) {}

    [[nodiscard]] TcpStreamPtr take();

    /// Takes a stream back that was closed or aborted. One whose wait has not ended yet goes by
    /// itself.
    void give_back(TcpStreamPtr stream);

private:
    static constexpr std::size_t kMaxKept = 1024;

    boost::asio::io_context& context_;
    std::vector<TcpStreamPtr> closed_;
};

}  // namespace muster
