# The image of every program of Muster. Two ways to it, with the same end:
#
#   docker build .                       builds the package from the source, then the image from it
#   ./dev package
#   docker build --target packaged .     takes build/debian/muster_*.deb, which was built before
#
# compose.yaml takes the first unless MUSTER_IMAGE_TARGET=packaged.

ARG BASE=debian:bookworm-slim

FROM ${BASE} AS base
# Given before the package can give another, so that volumes keep their owner.
RUN groupadd --system --gid 990 muster \
    && useradd --system --uid 990 --gid muster --home-dir /var/lib/muster --no-create-home \
        --shell /usr/sbin/nologin muster
ENV MUSTER_DATA_DIR=/var/lib/muster
# ./muster.yaml is read where one is mounted; the environment goes before it.
WORKDIR /etc/muster
EXPOSE 3001
CMD ["muster-hub"]

FROM base AS packaged
COPY build/debian/muster_*.deb /tmp/package/
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates /tmp/package/muster_*.deb \
    && rm -rf /tmp/package /var/lib/apt/lists/* /etc/muster/muster.yaml
USER muster

FROM ${BASE} AS build
WORKDIR /source
COPY . .
RUN ./dev package && rm -rf /var/lib/apt/lists/*

FROM base AS runtime
COPY --from=build /source/build/debian/muster_*.deb /tmp/package/
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates /tmp/package/muster_*.deb \
    && rm -rf /tmp/package /var/lib/apt/lists/* /etc/muster/muster.yaml
USER muster
