#include <muster/recording/journal_record.hpp>

#include <string>
#include <utility>
#include <variant>

#include <muster/base/crc32c.hpp>
#include <muster/recording/record_payload.hpp>
#include <muster/recording/shrinking.hpp>

namespace muster {
namespace {

using compact::Payload;

constexpr std::size_t kChecksummedFrom = 8;                             // behind length and crc
constexpr std::size_t kMinBody = kFrameHeaderBytes - kChecksummedFrom;  // epoch, seq, kind
constexpr std::size_t kMaxBody = kMaxFrameBytes - kChecksummedFrom;

template <class T>
void store(std::byte* at, T value) noexcept {
    for (std::size_t index = 0; index < sizeof(T); ++index) {
        at[index] = static_cast<std::byte>(value >> (8 * index));
    }
}

template <class T>
T load(std::byte const* at) noexcept {
    T value = 0;
    for (std::size_t index = 0; index < sizeof(T); ++index) {
        value = static_cast<T>(value | static_cast<T>(static_cast<T>(at[index]) << (8 * index)));
    }
    return value;
}

template <class Body>
Result<Record> decode_as(FrameView const& frame) {
    compact::Reader in(frame.payload);
    compact::Versions versions;
    static_cast<void>(versions.read(in, Payload<Body>::kVersion));
    Body body = Payload<Body>::get(in, versions);
    if (versions.newer) {
        return failure(Errc::unsupported, "record " + std::to_string(frame.position.seq) +
                                              " was written by a newer version");
    }
    if (!in.complete()) {
        return failure(Errc::corrupt, "record " + std::to_string(frame.position.seq) + " of kind " +
                                          std::to_string(frame.kind) +
                                          " does not hold what its kind says");
    }
    return Record{frame.position, RecordBody(std::move(body))};
}

}  // namespace

RecordKind kind_of(RecordBody const& body) noexcept {
    return std::visit([]<class Body>(Body const&) { return Payload<Body>::kKind; }, body);
}

WallTime time_of(RecordBody const& body) noexcept {
    return std::visit([]<class Body>(Body const& value) { return Payload<Body>::time(value); },
                      body);
}

void append_frame(Bytes& out, Position position, RecordBody const& body) {
    auto const begin = out.size();
    out.resize(begin + kFrameHeaderBytes);
    compact::Writer writer(out);
    std::visit(
        [&]<class Body>(Body const& value) {
            out.back() = static_cast<std::byte>(Payload<Body>::kKind);
            writer.byte(Payload<Body>::kVersion);
            Payload<Body>::put(writer, value);
        },
        body);
    auto* const frame = out.data() + begin;
    auto const body_size = out.size() - begin - kChecksummedFrom;
    store(frame + 8, position.epoch);
    store(frame + 16, position.seq);
    store(frame, static_cast<std::uint32_t>(body_size));
    store(frame + 4, crc32c(ByteView(frame + kChecksummedFrom, body_size)));
}

std::size_t frame_size(ByteView frames) noexcept {
    if (frames.size() < kFrameHeaderBytes) {
        return 0;
    }
    std::size_t const body_size = load<std::uint32_t>(frames.data());
    return body_size < kMinBody || body_size > kMaxBody ? 0 : kChecksummedFrom + body_size;
}

FrameScanner::Found FrameScanner::next() noexcept {
    auto const left = bytes_.size() - offset_;
    if (left == 0) {
        return Found::end;
    }
    if (left < kFrameHeaderBytes) {
        return Found::torn;
    }
    auto const size = frame_size(bytes_.subspan(offset_));
    if (size == 0) {
        return Found::corrupt;
    }
    if (size > left) {
        return Found::torn;
    }
    auto const* const at = bytes_.data() + offset_;
    ByteView const body(at + kChecksummedFrom, size - kChecksummedFrom);
    if (load<std::uint32_t>(at + 4) != crc32c(body)) {
        return Found::corrupt;
    }
    frame_.position.epoch = load<std::uint64_t>(at + 8);
    frame_.position.seq = load<std::uint64_t>(at + 16);
    frame_.kind = static_cast<std::uint8_t>(at[24]);
    frame_.payload = body.subspan(kMinBody);
    frame_.offset = offset_;
    frame_.size = size;
    offset_ += frame_.size;
    return Found::frame;
}

std::optional<FrameView> find_frame(ByteView bytes, std::size_t from,
                                    std::uint64_t after) noexcept {
    for (auto offset = from; offset + kFrameHeaderBytes <= bytes.size(); ++offset) {
        // The cheap test first: payloads are full of small numbers that look like a length.
        auto const seq = load<std::uint64_t>(bytes.data() + offset + 16);
        auto const at_most = (offset - from) / kFrameHeaderBytes + 1;
        bool const near = seq - after <= at_most;
        bool const gap = bytes[offset + 24] == static_cast<std::byte>(RecordKind::gap);
        if (seq <= after || (!near && !gap)) {
            continue;
        }
        FrameScanner scanner(bytes, offset);
        if (scanner.next() == FrameScanner::Found::frame &&
            (near || first_told(scanner.frame()) <= after + at_most)) {
            return scanner.frame();
        }
    }
    return std::nullopt;
}

Result<Record> decode_frame(FrameView const& frame) {
    switch (static_cast<RecordKind>(frame.kind)) {
        case RecordKind::check_result:
            return decode_as<CheckResult>(frame);
        case RecordKind::transition:
            return decode_as<Transition>(frame);
        case RecordKind::project_metrics:
            return decode_as<ProjectMetrics>(frame);
        case RecordKind::project_changed:
            return decode_as<ProjectChanged>(frame);
        case RecordKind::project_removed:
            return decode_as<ProjectRemoved>(frame);
        case RecordKind::service_changed:
            return decode_as<ServiceChanged>(frame);
        case RecordKind::service_removed:
            return decode_as<ServiceRemoved>(frame);
        case RecordKind::hub_started:
            return decode_as<HubStarted>(frame);
        case RecordKind::hub_stopped:
            return decode_as<HubStopped>(frame);
        case RecordKind::gap:
            return decode_as<Gap>(frame);
        case RecordKind::hub_problem:
            return decode_as<HubProblem>(frame);
        case RecordKind::overlay_changed:
            return decode_as<OverlayChanged>(frame);
        case RecordKind::maintenance_changed:
            return decode_as<MaintenanceChanged>(frame);
        case RecordKind::maintenance_removed:
            return decode_as<MaintenanceRemoved>(frame);
        case RecordKind::config_reloaded:
            return decode_as<ConfigReloaded>(frame);
    }
    return failure(Errc::unsupported, "record " + std::to_string(frame.position.seq) +
                                          " is of kind " + std::to_string(frame.kind) +
                                          ", which this version does not know");
}

Result<std::vector<Record>> decode_frames(ByteView frames) {
    std::vector<Record> records;
    FrameScanner scanner(frames);
    for (;;) {
        switch (scanner.next()) {
            case FrameScanner::Found::end:
                return records;
            case FrameScanner::Found::torn:
                return failure(
                    Errc::corrupt,
                    "the frame at offset " + std::to_string(scanner.offset()) + " is cut short");
            case FrameScanner::Found::corrupt:
                return failure(Errc::corrupt, "no frame or a damaged one at offset " +
                                                  std::to_string(scanner.offset()));
            case FrameScanner::Found::frame: {
                auto record = decode_frame(scanner.frame());
                if (record) {
                    records.push_back(std::move(*record));
                } else if (record.error().code != Errc::unsupported) {
                    return tl::unexpected(std::move(record.error()));
                }
                break;
            }
        }
    }
}

}  // namespace muster
