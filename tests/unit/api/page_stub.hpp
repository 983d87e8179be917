#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <muster/ports/page_source.hpp>

namespace muster {

/// Answers pages when a test says so.
class PageStub final : public PageSource {
public:
    struct Asked {
        Url url;
        Millis timeout;
        Done done;
    };

    std::unique_ptr<PageFetch> fetch(Url const& url, Millis timeout, Done done) override {
        asked.push_back({url, timeout, std::move(done)});
        ++under_way;
        return std::make_unique<Fetch>(under_way);
    }

    void answer(std::size_t index, Result<std::string> page) {
        auto done = std::move(asked.at(index).done);
        done(std::move(page));
    }

    std::vector<Asked> asked;
    int under_way{0};

private:
    class Fetch final : public PageFetch {
    public:
        explicit Fetch(int& count) : count_(count) {}
        ~Fetch() override { --count_; }
        Fetch(Fetch const&) = delete;
        Fetch& operator=(Fetch const&) = delete;

    private:
        int& count_;
    };
};

}  // namespace muster
