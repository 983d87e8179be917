#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <muster/api/health_feed.hpp>
#include <muster/api/live.hpp>

namespace muster {

/// What a client of `/ws/health` knows that does what the contract says.
struct HealthPicture {
    /// Name, status, overlays, tags: what no check alone changes.
    using Row = std::tuple<std::string, std::string, std::string, std::string>;

    void take(LiveFrame const& frame) {
        auto const document = nlohmann::json::parse(*frame.text);
        auto const type = document.at("type").get<std::string>();
        ASSERT_EQ(type, frame.type);
        if (type == "snapshot") {
            ++snapshots;
            rows.clear();
            position = {document.at("epoch").get<std::uint64_t>(),
                        document.at("seq").get<std::uint64_t>()};
            for (auto const& service : document.at("services")) {
                put(service);
            }
        } else if (type == "health") {
            ASSERT_EQ(document.at("seq").get<std::uint64_t>(), ++position.seq) << *frame.text;
            auto const& service = document.at("service");
            auto const known = rows.find(service.at("id").get<std::int64_t>());
            EXPECT_EQ(document.at("previousStatus").get<std::string>(),
                      known != rows.end() ? std::get<1>(known->second) : "unknown");
            EXPECT_TRUE(document.at("reason").at("cause").is_string());
            EXPECT_TRUE(document.at("timestamp").is_string());
            if (document.contains("removed")) {
                rows.erase(service.at("id").get<std::int64_t>());
            } else {
                put(service);
            }
        } else {
            return;
        }
        ASSERT_TRUE(frame.position);
        EXPECT_EQ(*frame.position, position);
    }

    void put(nlohmann::json const& service) {
        rows[service.at("id").get<std::int64_t>()] = {
            service.at("project").get<std::string>() + "/" + service.at("name").get<std::string>(),
            service.at("status").get<std::string>(), service.at("overlays").dump(),
            service.at("tags").dump()};
    }

    LivePosition position;
    std::map<std::int64_t, Row> rows;
    int snapshots{0};
};

/// The hub's side of it: services as deltas, and what they are in the end.
class HealthStory {
public:
    explicit HealthStory(ReadModel& model, HealthFeed& feed) : model_(model), feed_(feed) {}

    /// What is told next is told at once with what follows, until publish().
    FleetDelta& delta() noexcept { return delta_; }

    void add(std::int64_t id, std::string const& project, std::string const& name) {
        auto service = std::make_shared<Service>();
        service->id = ServiceId{id};
        service->project_id = project_id(project);
        service->spec.project = project;
        service->spec.name = name;
        ServiceView row;
        row.id = service->id;
        row.project_id = service->project_id;
        row.project = project;
        row.name = name;
        services_[id] = row;
        registered_[id] = service;
        put(id);
        delta_.registered.push_back(service);
    }
    void remove(std::int64_t id) {
        services_.erase(id);
        registered_.erase(id);
        auto const is_it = [id](auto const& row) { return row.id.value == id; };
        std::erase_if(delta_.services, is_it);
        std::erase_if(delta_.registered, [id](auto const& row) { return row->id.value == id; });
        delta_.removed_services.push_back(ServiceId{id});
    }
    /// `told`: with its transition, as the hub does; else as if the edge had missed it.
    void set(std::int64_t id, HealthStatus status, bool told = true) {
        auto& row = services_.at(id);
        if (told && row.status != status) {
            Transition transition;
            transition.service = ServiceId{id};
            transition.project = row.project;
            transition.name = row.name;
            transition.from = row.status;
            transition.to = status;
            transition.reason.cause = Cause::failures;
            delta_.transitions.push_back(std::move(transition));
        }
        row.status = status;
        put(id);
    }
    void overlay(std::int64_t id, Overlays overlays) {
        services_.at(id).overlays = overlays;
        put(id);
    }
    void check(std::int64_t id, Millis took) {
        services_.at(id).response_time = took;
        put(id);
    }
    void redefine(std::int64_t id, std::string tag) {
        auto service = std::make_shared<Service>(*registered_.at(id));
        service->spec.tags = {std::move(tag)};
        registered_[id] = service;
        std::erase_if(delta_.registered, [id](auto const& row) { return row->id.value == id; });
        delta_.registered.push_back(service);
    }

    /// Everything anew, as a hub that starts.
    void reset() {
        delta_ = {};
        delta_.reset = true;
        for (auto const& [id, row] : services_) {
            delta_.services.push_back(row);
            delta_.registered.push_back(registered_.at(id));
        }
        for (auto const& [name, id] : projects_) {
            put_project(name, id);
        }
    }

    void publish() {
        auto delta = std::exchange(delta_, {});
        auto const news = HealthNews::of(delta);
        model_.apply(std::move(delta));
        feed_.applied(news);
    }

    [[nodiscard]] bool has(std::int64_t id) const { return services_.contains(id); }
    [[nodiscard]] std::map<std::int64_t, HealthPicture::Row> rows() const {
        HealthPicture picture;
        for (auto const& [id, row] : services_) {
            std::string overlays = "[";
            for (auto const& [overlay, word] : enum_names(Overlay{})) {
                if (row.overlays.has(overlay)) {
                    overlays += overlays.size() > 1 ? "," : "";
                    overlays += '"' + std::string(word) + '"';
                }
            }
            auto const& tags = registered_.at(id)->spec.tags;
            picture.rows[id] = {row.project + "/" + row.name, std::string(to_string(row.status)),
                                overlays + "]", tags.empty() ? "[]" : "[\"" + tags.front() + "\"]"};
        }
        return picture.rows;
    }

private:
    void put(std::int64_t id) {
        std::erase_if(delta_.services, [id](auto const& row) { return row.id.value == id; });
        delta_.services.push_back(services_.at(id));
    }
    void put_project(std::string const& name, ProjectId id) {
        ProjectView view;
        view.id = id;
        view.name = name;
        delta_.projects.push_back(std::move(view));
    }
    ProjectId project_id(std::string const& name) {
        auto const [known, added] =
            projects_.try_emplace(name, ProjectId{static_cast<std::int64_t>(projects_.size()) + 1});
        if (added) {
            put_project(name, known->second);
        }
        return known->second;
    }

    ReadModel& model_;
    HealthFeed& feed_;
    FleetDelta delta_;
    std::map<std::int64_t, ServiceView> services_;
    std::map<std::int64_t, std::shared_ptr<Service const>> registered_;
    std::map<std::string, ProjectId> projects_;
};

}  // namespace muster
