#include <muster/api/feed_snapshots.hpp>

#include <string>
#include <utility>

#include <muster/codec/feed_json.hpp>

namespace muster {
namespace {

FeedSnapshot picture_of(ReadModel const& model) {
    FeedSnapshot picture;
    for (auto const* entry : model.projects()) {
        if (auto project = model.shared_project(entry->view.id)) {
            picture.projects.push_back(std::move(project));
        }
    }
    picture.services.reserve(model.registered_services().size());
    for (auto const& [id, service] : model.registered_services()) {
        auto const* const view = model.service(id);
        picture.services.push_back(
            {service, view != nullptr ? std::optional(*view) : std::nullopt});
    }
    picture.windows = model.windows();
    return picture;
}

}  // namespace

void FeedSnapshots::ask(std::optional<Position> behind, Done done) {
    if (newest_ && serves(*newest_, behind)) {
        done(Made{newest_->position, json_});
    } else if (job_ && serves(job_->moment, behind)) {
        job_->waiting.push_back(std::move(done));
    } else {
        begin(std::move(done));
    }
}

bool FeedSnapshots::serves(Moment const& moment, std::optional<Position> behind) const {
    if (moment.registry_revision != model_.registry_revision()) {
        return false;
    }
    if (moment.position == model_.position()) {
        return true;
    }
    // A place that lies ahead of us is nobody's: any picture is news to who names it.
    bool const newer = !behind || behind->epoch != moment.position.epoch ||
                       behind->seq < moment.position.seq || behind->seq > model_.position().seq;
    return newer && clock_.now().steady - moment.at < kSharedFor;
}

/// The picture is copied here and written on the lane.
void FeedSnapshots::begin(Done done) {
    auto const job = std::make_shared<Job>();
    job->moment = {model_.position(), model_.registry_revision(), clock_.now().steady};
    job->waiting.push_back(std::move(done));
    bool const taken = submit_to(
        lane_,
        [picture = picture_of(model_)]() -> SharedText {
            std::string json;
            append_feed_snapshot(json, picture);
            return std::make_shared<std::string const>(std::move(json));
        },
        [self = shared_from_this(), job](SharedText json) {
            self->newest_ = job->moment;
            self->json_ = json;
            if (self->job_ == job) {
                self->job_.reset();
            }
            for (auto& waiting : job->waiting) {
                waiting(Made{job->moment.position, json});
            }
        });
    if (taken) {
        job_ = job;
    } else {
        job->waiting.front()(failure(Errc::full, "too many consumers ask for the feed at once"));
    }
}

}  // namespace muster
