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
# Bash can ask by itself; the image has no other client.
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PRODMATIC_ADDR##*:} && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["prodmatic"]
CMD ["serve"]
