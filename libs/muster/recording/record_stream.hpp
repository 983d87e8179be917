#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <muster/base/bytes.hpp>
#include <muster/base/result.hpp>
#include <muster/base/unique_function.hpp>
#include <muster/domain/record.hpp>
#include <muster/recording/journal_record.hpp>

namespace muster {

/// The records of whole frames, decoded one after another: a long run of them needs no more memory
/// than one. What cannot be understood is left out and told; its checksum was right, so nothing
/// else is wrong with it.
class RecordStream {
public:
    using LeftOut = UniqueFunction<void(Error const&)>;

    /// `frames` must outlive the stream. `after`: the number before the first record.
    RecordStream(ByteView frames, std::uint64_t after, LeftOut left_out)
        : scanner_(frames), after_(after), left_out_(std::move(left_out)) {}

    /// Null: there are no more. Valid until the next call.
    [[nodiscard]] Record const* next();

    /// The next one that is told only once; what the next check tells again is not even decoded.
    [[nodiscard]] Record const* next_lasting();

    /// All that are left.
    [[nodiscard]] std::vector<Record> rest();

    /// Passes over all that are left.
    void pass_rest();

    /// How many records were passed, those left out not counted.
    [[nodiscard]] std::uint64_t passed() const noexcept { return passed_; }

    /// How many records behind `after` gave way at the journal's limit, by what was passed and
    /// stands in for them.
    [[nodiscard]] std::uint64_t gone() const noexcept { return gone_; }

private:
    enum class Wanted : std::uint8_t { all, lasting };

    [[nodiscard]] bool advance(Wanted wanted);

    FrameScanner scanner_;
    std::uint64_t const after_;
    LeftOut left_out_;
    std::optional<Record> record_;
    std::uint64_t passed_{0};
    std::uint64_t gone_{0};
};

}  // namespace muster
