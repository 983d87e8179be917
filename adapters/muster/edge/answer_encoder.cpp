#include <muster/edge/answer_encoder.hpp>

#include <memory>
#include <optional>
#include <utility>

#include <muster/api/content_coding.hpp>
#include <muster/edge/gzip.hpp>

namespace muster {
namespace {

/// Files of the pages and a few documents; more than that is a mistake of who calls them lasting.
constexpr std::size_t kMostKept = 256;

}  // namespace

/// Of the loop but while its job runs.
struct AnswerEncoder::Errand {
    Response response;
    std::size_t bytes{0};
    Done done;
    SharedText packed;  ///< Null: it could not be made, or is not smaller.
};

void AnswerEncoder::encode(Response response, bool wanted, Done done) {
    if (lane_ == nullptr || !may_be_gzip(response)) {
        done(std::move(response));
        return;
    }
    mark_as_varying(response);
    auto const bytes = response.body.size();
    if (!wanted || response.status != 200 || bytes < kGzipFrom) {
        done(std::move(response));
        return;
    }
    auto const known = response.lasting ? kept_.find(response.body.shared.get()) : kept_.end();
    if (known != kept_.end()) {
        send_packed(response, known->second.packed);
        done(std::move(response));
        return;
    }
    // Shared: what a refused lane was given is lost.
    auto const errand =
        std::make_shared<Errand>(Errand{std::move(response), bytes, std::move(done), nullptr});
    bool const taken =
        fits(bytes) && lane_->submit(
                           [errand] {
                               auto packed = gzip(errand->response.body);
                               if (packed && packed->size() < errand->bytes) {
                                   errand->packed =
                                       std::make_shared<std::string const>(std::move(*packed));
                               }
                           },
                           [this, errand] { encoded(*errand); });
    if (!taken) {
        ++counters_.left_plain;
        errand->done(std::move(errand->response));
        return;
    }
    bytes_ += bytes;
}

bool AnswerEncoder::fits(std::size_t bytes) const noexcept {
    return bytes <= most_bytes_ && bytes_ <= most_bytes_ - bytes;
}

void AnswerEncoder::encoded(Errand& errand) {
    bytes_ -= errand.bytes;
    auto& response = errand.response;
    if (errand.packed) {
        if (response.lasting && kept_.size() < kMostKept) {
            kept_.emplace(response.body.shared.get(), Kept{response.body.shared, errand.packed});
        }
        send_packed(response, std::move(errand.packed));
    }
    errand.done(std::move(response));
}

void AnswerEncoder::send_packed(Response& response, SharedText packed) {
    ++counters_.packed;
    response.body = {{}, std::move(packed), {}};
    response.add_header("Content-Encoding", "gzip");
}

}  // namespace muster
