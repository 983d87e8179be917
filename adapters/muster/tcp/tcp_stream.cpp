#include <muster/tcp/tcp_stream.hpp>

#include <cerrno>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

namespace muster {

namespace asio = boost::asio;

/// What the loop calls. Holds the stream until it has run or was destroyed, and has its memory
/// there.
class TcpStream::Turn {
public:
    using allocator_type = HandlerAllocator<void>;

    explicit Turn(TcpStream* stream) : stream_(stream) {}

    [[nodiscard]] allocator_type get_allocator() const noexcept {
        return allocator_type(stream_->memory_);
    }

    void operator()() const { stream_->turn(stream_->posted_); }
    void operator()(boost::system::error_code const& /*error*/) const {
        stream_->turn(stream_->waiting_);
    }

private:
    TcpStreamPtr stream_;
};

TcpStream::TcpStream(asio::io_context& context) : socket_(context.get_executor()) {}

TcpStream::~TcpStream() {
    close();
}

int TcpStream::connect(TcpEndpoint const& endpoint) {
    peer_ = endpoint;
    descriptor_ = ::socket(peer_.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           IPPROTO_TCP);
    if (descriptor_ < 0) {
        return errno;
    }
    int const on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor_, peer_.data(), static_cast<socklen_t>(peer_.size())) == 0 ||
        errno == EINPROGRESS || errno == EINTR) {
        return 0;
    }
    auto const error = errno;
    close();
    return error;
}

int TcpStream::check_connected() {
    if (wait_error_ != 0) {
        return std::exchange(wait_error_, 0);
    }
    // A second connect() tells how the first one went, in one call where getsockopt() needs two.
    if (::connect(descriptor_, peer_.data(), static_cast<socklen_t>(peer_.size())) == 0 ||
        errno == EISCONN) {
        return 0;
    }
    return errno == EINTR || errno == EINPROGRESS ? EALREADY : errno;
}

bool TcpStream::is_connected_to_itself() const {
    TcpEndpoint own;
    auto size = static_cast<socklen_t>(own.capacity());
    return ::getsockname(descriptor_, own.data(), &size) == 0 && own == peer_;
}

TcpStream::Moved TcpStream::send(std::string_view bytes) {
    if (wait_error_ != 0) {
        return {0, std::exchange(wait_error_, 0)};
    }
    auto const sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
        return {static_cast<std::size_t>(sent), 0};
    }
    return {0, errno == EINTR || errno == EWOULDBLOCK ? EAGAIN : errno};
}

TcpStream::Moved TcpStream::receive(std::span<char> room) {
    if (wait_error_ != 0) {
        return {0, std::exchange(wait_error_, 0)};
    }
    auto const received = ::recv(descriptor_, room.data(), room.size(), 0);
    if (received >= 0) {
        return {static_cast<std::size_t>(received), 0};
    }
    return {0, errno == EINTR || errno == EWOULDBLOCK ? EAGAIN : errno};
}

void TcpStream::wait(asio::socket_base::wait_type what) {
    if (is_waiting()) {
        return;
    }
    if (!enter_loop()) {
        next_turn();
        return;
    }
    waiting_ = true;
    socket_.async_wait(what, Turn(this));
}

void TcpStream::next_turn() {
    if (!std::exchange(posted_, true)) {
        asio::post(socket_.get_executor(), Turn(this));
    }
}

void TcpStream::turn(bool& under_way) {
    under_way = false;
    if (user_ != nullptr) {
        user_->ready();
    }
}

bool TcpStream::enter_loop() {
    if (in_loop_) {
        return true;
    }
    boost::system::error_code error;
    socket_.assign(peer_.protocol(), descriptor_, error);
    if (error) {
        wait_error_ = error.value();
        return false;
    }
    in_loop_ = true;
    return true;
}

void TcpStream::close() noexcept {
    user_ = nullptr;
    wait_error_ = 0;
    if (in_loop_) {
        boost::system::error_code ignored;
        socket_.close(ignored);
    } else if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
    descriptor_ = -1;
    in_loop_ = false;
}

void TcpStream::abort() noexcept {
    if (descriptor_ >= 0) {
        linger const reset{1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    close();
}

TcpStreamPtr TcpStreamPool::take() {
    if (closed_.empty()) {
        return TcpStreamPtr(new TcpStream(context_));
    }
    auto stream = std::move(closed_.back());
    closed_.pop_back();
    return stream;
}

void TcpStreamPool::give_back(TcpStreamPtr stream) {
    if (stream && !stream->is_waiting() && closed_.size() < kMaxKept) {
        closed_.push_back(std::move(stream));
    }
}

}  // namespace muster
