#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace muster {

/// Room for the one asynchronous operation that its owner has under way, so that starting it does
/// not allocate. A second or a larger one comes from the heap.
class HandlerMemory {
public:
    HandlerMemory() = default;
    ~HandlerMemory() = default;
    HandlerMemory(HandlerMemory const&) = delete;
    HandlerMemory& operator=(HandlerMemory const&) = delete;

    [[nodiscard]] void* allocate(std::size_t size) {
        if (!used_ && size <= room_.size()) {
            used_ = true;
            return room_.data();
        }
        return ::operator new(size);
    }

    void deallocate(void* memory) noexcept {
        if (memory == room_.data()) {
            used_ = false;
        } else {
            ::operator delete(memory);
        }
    }

private:
    static constexpr std::size_t kSize = 160;  ///< Asio's wait on a socket needs 120.

    alignas(std::max_align_t) std::array<std::byte, kSize> room_{};
    bool used_{false};
};

/// The allocator by which Asio finds the memory of a handler's owner.
template <class T>
class HandlerAllocator {
public:
    using value_type = T;

    explicit HandlerAllocator(HandlerMemory& memory) noexcept : memory_(&memory) {}
    template <class U>
    HandlerAllocator(HandlerAllocator<U> const& other) noexcept  // NOLINT(google-explicit-*)
        : memory_(other.memory_) {}

    [[nodiscard]] T* allocate(std::size_t count) const {
        return static_cast<T*>(memory_->allocate(sizeof(T) * count));
    }
    void deallocate(T* memory, std::size_t /*count*/) const noexcept {
        memory_->deallocate(memory);
    }

    template <class U>
    bool operator==(HandlerAllocator<U> const& other) const noexcept {
        return memory_ == other.memory_;
    }

private:
    template <class>
    friend class HandlerAllocator;

    HandlerMemory* memory_;
};

}  // namespace muster
