// Asio's TLS, compiled here once: muster::asio holds the rest of Asio.
#include <boost/asio/ssl/impl/src.hpp>
