#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

enum class NodeKind : std::uint8_t { nothing, scalar, list, map };

class YamlNode;

/// A YAML document as it was written: kinds, texts and places, no meaning. Nodes lie in the order
/// of the file in one block, their texts in another: 10,000 services take a few MB.
class YamlTree {
public:
    YamlTree();

    /// The document itself; `nothing` where it is empty.
    [[nodiscard]] YamlNode root() const noexcept;

    // Building, in the order of the file. Lines and columns count from 1.
    void add_nothing(int line, int column);
    /// `plain`: written without quotes, so that it may mean a number, a truth value or null.
    void add_scalar(int line, int column, std::string_view text, bool plain);
    void open(NodeKind kind, int line, int column);
    void close();
    /// Adds a copy of the closed node at `index`, with its places and all that lies inside.
    void add_copy(std::size_t index);
    [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }

    /// Whether a list or map is still being built.
    [[nodiscard]] bool is_open(std::size_t index) const noexcept;

    /// Nodes so far; the next one gets this index.
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    /// Nodes of a closed one, itself and all that lies inside.
    [[nodiscard]] std::size_t size_of(std::size_t index) const noexcept;
    /// Levels of a closed node: 0 of a scalar, 1 of a list of scalars.
    [[nodiscard]] std::size_t height_of(std::size_t index) const;

private:
    friend class YamlNode;

    struct Entry {
        std::uint32_t line{0};
        std::uint32_t column{0};
        std::uint32_t end{0};  ///< Index behind the last node inside of this one.
        std::uint32_t text_at{0};
        std::uint32_t text_size{0};
        NodeKind kind{NodeKind::nothing};
        bool plain{false};
    };

    void add(NodeKind kind, int line, int column);

    std::vector<Entry> entries_;
    std::string texts_;
    std::vector<std::size_t> open_;
};

/// A place in a tree, which must outlive it and not grow meanwhile.
class YamlNode {
public:
    YamlNode(YamlTree const& tree, std::size_t index) noexcept : tree_(&tree), index_(index) {}

    [[nodiscard]] NodeKind kind() const noexcept;
    [[nodiscard]] int line() const noexcept;
    [[nodiscard]] int column() const noexcept;
    [[nodiscard]] std::string_view text() const noexcept;  ///< Of a scalar; else empty.
    [[nodiscard]] bool is_plain() const noexcept;          ///< A scalar without quotes.

    class Iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = YamlNode;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = YamlNode;

        Iterator(YamlTree const& tree, std::size_t index) noexcept : tree_(&tree), index_(index) {}

        YamlNode operator*() const noexcept { return {*tree_, index_}; }
        Iterator& operator++() noexcept;
        bool operator==(Iterator const&) const noexcept = default;

    private:
        YamlTree const* tree_;
        std::size_t index_;
    };

    /// What lies directly inside: the items of a list; of a map its keys and values in turns.
    [[nodiscard]] Iterator begin() const noexcept;
    [[nodiscard]] Iterator end() const noexcept;

private:
    [[nodiscard]] YamlTree::Entry const& entry() const noexcept;

    YamlTree const* tree_;
    std::size_t index_;
};

/// Adds a node of another tree with all that is inside.
void copy(YamlNode node, YamlTree& to);

}  // namespace muster::config
