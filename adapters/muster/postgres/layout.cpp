#include <muster/postgres/layout.hpp>

namespace muster::postgres {

Result<CheckLayout> read_layout(PostgresConnection& connection) {
    auto const transaction =
        PostgresTransaction::begin(connection, PostgresTransaction::Kind::one_moment);
    if (!transaction) {
        return tl::unexpected(transaction.error());
    }
    auto const rows = (*transaction)->query("SELECT quote_ident(timescale) FROM check_layout");
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    CheckLayout layout;
    each_row(*rows, [&layout](PostgresRow const& row) { layout.timescale = row.text(0); });
    return layout;
}

}  // namespace muster::postgres
