#include "tls_server.hpp"

#include <array>
#include <utility>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace muster {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using Tcp = asio::ip::tcp;

struct TlsServer::State {
    explicit State(asio::io_context& context)
        : acceptor(context, {asio::ip::address_v4::loopback(), 0}) {}

    Tcp::acceptor acceptor;
    ssl::context tls{ssl::context::tls_server};
    std::deque<TlsAnswer> answers;
    std::vector<std::shared_ptr<Seen>> seen;
};

class TlsServer::Session : public std::enable_shared_from_this<Session> {
public:
    Session(Tcp::socket socket, std::shared_ptr<State> state)
        : state_(std::move(state)), stream_(std::move(socket), state_->tls) {}

    void start() {
        state_->seen.push_back(seen_);
        stream_.async_handshake(ssl::stream_base::server,
                                [self = shared_from_this()](auto const& error) {
                                    if (!error) {
                                        self->shaken();
                                    }
                                });
    }

private:
    void shaken() {
        auto* const native = stream_.native_handle();
        auto const* const name = SSL_get_servername(native, TLSEXT_NAMETYPE_host_name);
        seen_->server_name = name == nullptr ? "" : name;
        unsigned char const* protocol = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(native, &protocol, &size);
        seen_->protocol.assign(reinterpret_cast<char const*>(protocol), size);
        seen_->version = SSL_get_version(native);
        seen_->resumed = SSL_session_reused(native) == 1;
        seen_->shaken = true;
        read();
    }

    void read() {
        auto const end = received_.find("\r\n\r\n");
        if (end != std::string::npos) {
            received_.erase(0, end + 4);
            ++seen_->requests;
            answer();
            return;
        }
        stream_.async_read_some(asio::buffer(room_),
                                [self = shared_from_this()](auto const& error, std::size_t size) {
                                    if (error) {
                                        self->seen_->said_goodbye = error == asio::error::eof;
                                        return;
                                    }
                                    self->received_.append(self->room_.data(), size);
                                    self->read();
                                });
    }

    void answer() {
        current_ = state_->answers.front();
        if (state_->answers.size() > 1) {
            state_->answers.pop_front();
        }
        asio::async_write(stream_, asio::buffer(current_.text),
                          [self = shared_from_this()](auto const& error, std::size_t) {
                              if (!error) {
                                  self->answered();
                              }
                          });
    }

    void answered() {
        switch (current_.then) {
            case TlsAnswer::Then::keep:
                read();
                break;
            case TlsAnswer::Then::close:
                stream_.async_shutdown([self = shared_from_this()](auto const&) {});
                break;
            case TlsAnswer::Then::reset:
                stream_.next_layer().set_option(asio::socket_base::linger(true, 0));
                stream_.next_layer().close();
                break;
            case TlsAnswer::Then::cut:
                stream_.next_layer().close();
                break;
        }
    }

    std::shared_ptr<State> state_;
    ssl::stream<Tcp::socket> stream_;
    std::shared_ptr<Seen> seen_{std::make_shared<Seen>()};
    std::array<char, 4096> room_{};
    std::string received_;
    TlsAnswer current_;
};

namespace {

int choose_protocol(SSL* /*ssl*/, unsigned char const** chosen, unsigned char* size,
                    unsigned char const* offered, unsigned offered_size, void* /*unused*/) {
    static constexpr std::array<unsigned char, 12> kOurs{2,   'h', '2', 8,   'h', 't',
                                                         't', 'p', '/', '1', '.', '1'};
    auto* selected = const_cast<unsigned char*>(*chosen);
    auto const result =
        SSL_select_next_proto(&selected, size, kOurs.data(), kOurs.size(), offered, offered_size);
    *chosen = selected;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

TlsServer::TlsServer(asio::io_context& context, Options const& options)
    : state_(std::make_shared<State>(context)) {
    auto* const native = state_->tls.native_handle();
    use(options.chain, options.key);
    SSL_CTX_set_max_proto_version(native, options.newest_version);
    SSL_CTX_set_alpn_select_cb(native, &choose_protocol, nullptr);
    unsigned char const id = 1;
    SSL_CTX_set_session_id_context(native, &id, 1);
    accept(state_);
}

TlsServer::~TlsServer() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
}

void TlsServer::answer(TlsAnswer answer) {
    state_->answers.push_back(std::move(answer));
}

void TlsServer::use(std::string const& chain, std::string const& key) {
    state_->tls.use_certificate_chain(asio::buffer(chain));
    state_->tls.use_private_key(asio::buffer(key), ssl::context::pem);
}

SSL_CTX* TlsServer::native() {
    return state_->tls.native_handle();
}

std::uint16_t TlsServer::port() const {
    return state_->acceptor.local_endpoint().port();
}

std::string TlsServer::url(std::string_view host) const {
    return "https://" + std::string(host) + ":" + std::to_string(port()) + "/health";
}

std::vector<std::shared_ptr<TlsServer::Seen>> const& TlsServer::seen() const {
    return state_->seen;
}

void TlsServer::accept(std::shared_ptr<State> const& state) {
    state->acceptor.async_accept([state](auto const& error, Tcp::socket socket) {
        if (!state->acceptor.is_open()) {
            return;
        }
        if (!error) {
            std::make_shared<Session>(std::move(socket), state)->start();
        }
        accept(state);
    });
}

}  // namespace muster
