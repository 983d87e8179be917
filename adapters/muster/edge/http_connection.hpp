#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>

#include <muster/edge/peer.hpp>
#include <muster/edge/request_reader.hpp>

namespace muster {

/// One HTTP connection: reads a request, has it answered, writes the answer, and so on; requests
/// that were sent ahead wait their turn. An opening WebSocket or event stream takes the socket
/// away. Lives by its own I/O and by the replies that are due to it.
class EdgeConnection final : public Peer, public std::enable_shared_from_this<EdgeConnection> {
public:
    EdgeConnection(std::shared_ptr<EdgeState> edge, Socket socket,
                   std::unique_ptr<AddressSlot> slot, bool from_loopback);
    ~EdgeConnection() override = default;

    void start();

    void check(SteadyTime now) override;
    void stop() override;
    void abort() override;

private:
    enum class Stage : std::uint8_t { reading, answering, writing, lingering, closed };

    void run();
    [[nodiscard]] bool advance();

    [[nodiscard]] bool read_on();
    void read_more();
    void make_room();
    void took_input(std::size_t size);
    void take_request();
    [[nodiscard]] bool take_upgrade(Request& request, RequestReader::Upgrade& upgrade);
    void refuse_request(unsigned status, std::string_view message);
    [[nodiscard]] bool live_is_full();
    [[nodiscard]] bool take_stream(Response& response);

    void respond(Response response);
    void send(Response response);
    [[nodiscard]] bool write_on();
    void advance_output(std::size_t written);
    void finish_answer();
    [[nodiscard]] bool drain_on();

    void set_deadline(Millis from_now) { deadline_ = edge().now() + from_now; }

    Socket socket_;
    bool const from_loopback_;

    Stage stage_{Stage::reading};
    bool running_{false};  ///< run() is on the stack.
    bool read_pending_{false};
    bool failed_{false};  ///< No request can be read after this answer.
    SteadyTime deadline_{SteadyTime::max()};
    SteadyTime answer_deadline_{SteadyTime::max()};

    RequestReader reader_;
    std::vector<char> input_;
    std::size_t input_begin_{0};
    std::size_t input_end_{0};

    // Of the request being answered.
    bool head_only_{false};
    bool wants_gzip_{false};
    bool http10_{false};
    bool keep_alive_{true};

    std::string head_;
    Body body_;
    std::array<asio::const_buffer, 4> output_;
    std::size_t output_at_{0};
};

}  // namespace muster
