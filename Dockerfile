# ProdMatic for a Postgres elsewhere: DATABASE_URL says where. See docs/OPERATING.md.

FROM rust:1-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends binaryen brotli pkg-config postgresql \
 && rm -rf /var/lib/apt/lists/*
RUN rustup target add wasm32-unknown-unknown
WORKDIR /build
COPY . .
RUN script/bootstrap --for build && script/build

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data prodmatic \
 && install -d -o prodmatic -g prodmatic -m 0700 /data
COPY --from=build /build/target/release/prodmatic /usr/local/bin/prodmatic
USER prodmatic
WORKDIR /data
VOLUME /data
ENV PRODMATIC_ADDR=0.0.0.0:3000 PRODMATIC_DATA=/data
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["prodmatic"]
CMD ["serve"]
