#include <muster/config/yaml_tree.hpp>

#include <algorithm>

namespace muster::config {

YamlTree::YamlTree() = default;

YamlNode YamlTree::root() const noexcept {
    return {*this, 0};
}

void YamlTree::add_nothing(int line, int column) {
    add(NodeKind::nothing, line, column);
}

void YamlTree::add_scalar(int line, int column, std::string_view text, bool plain) {
    add(NodeKind::scalar, line, column);
    entries_.back().plain = plain;
    entries_.back().text_at = static_cast<std::uint32_t>(texts_.size());
    entries_.back().text_size = static_cast<std::uint32_t>(text.size());
    texts_ += text;
}

void YamlTree::open(NodeKind kind, int line, int column) {
    add(kind, line, column);
    open_.push_back(entries_.size() - 1);
}

void YamlTree::close() {
    entries_[open_.back()].end = static_cast<std::uint32_t>(entries_.size());
    open_.pop_back();
}

void YamlTree::add_copy(std::size_t index) {
    auto const count = size_of(index);
    auto const shift = static_cast<std::uint32_t>(entries_.size() - index);
    for (std::size_t at = index; at < index + count; ++at) {
        auto entry = entries_[at];
        entry.end += shift;  // texts are shared
        entries_.push_back(entry);
    }
}

bool YamlTree::is_open(std::size_t index) const noexcept {
    return std::find(open_.begin(), open_.end(), index) != open_.end();
}

std::size_t YamlTree::size_of(std::size_t index) const noexcept {
    return entries_[index].end - index;
}

std::size_t YamlTree::height_of(std::size_t index) const {
    std::size_t height = 0;
    std::vector<std::size_t> ends;  // of the lists and maps around
    for (std::size_t at = index; at < entries_[index].end; ++at) {
        while (!ends.empty() && ends.back() <= at) {
            ends.pop_back();
        }
        auto const& entry = entries_[at];
        if (entry.kind == NodeKind::list || entry.kind == NodeKind::map) {
            ends.push_back(entry.end);
            height = std::max(height, ends.size());
        }
    }
    return height;
}

void YamlTree::add(NodeKind kind, int line, int column) {
    Entry entry;
    entry.line = static_cast<std::uint32_t>(line);
    entry.column = static_cast<std::uint32_t>(column);
    entry.end = static_cast<std::uint32_t>(entries_.size() + 1);
    entry.kind = kind;
    entries_.push_back(entry);
}

YamlTree::Entry const& YamlNode::entry() const noexcept {
    static constexpr YamlTree::Entry kNothing{1, 1, 0, 0, 0, NodeKind::nothing, false};
    return index_ < tree_->entries_.size() ? tree_->entries_[index_] : kNothing;
}

NodeKind YamlNode::kind() const noexcept {
    return entry().kind;
}

int YamlNode::line() const noexcept {
    return static_cast<int>(entry().line);
}

int YamlNode::column() const noexcept {
    return static_cast<int>(entry().column);
}

std::string_view YamlNode::text() const noexcept {
    return std::string_view(tree_->texts_).substr(entry().text_at, entry().text_size);
}

bool YamlNode::is_plain() const noexcept {
    return entry().plain;
}

YamlNode::Iterator YamlNode::begin() const noexcept {
    bool const holds_others = kind() == NodeKind::list || kind() == NodeKind::map;
    return holds_others ? Iterator(*tree_, index_ + 1) : end();
}

YamlNode::Iterator YamlNode::end() const noexcept {
    return {*tree_, entry().end};
}

YamlNode::Iterator& YamlNode::Iterator::operator++() noexcept {
    index_ = YamlNode(*tree_, index_).entry().end;
    return *this;
}

void copy(YamlNode node, YamlTree& to) {
    switch (node.kind()) {
        case NodeKind::nothing:
            to.add_nothing(node.line(), node.column());
            return;
        case NodeKind::scalar:
            to.add_scalar(node.line(), node.column(), node.text(), node.is_plain());
            return;
        case NodeKind::list:
        case NodeKind::map:
            to.open(node.kind(), node.line(), node.column());
            for (auto const inside : node) {
                copy(inside, to);
            }
            to.close();
            return;
    }
}

}  // namespace muster::config
