# docker build -t tollgate . (podman build --format docker -t tollgate . : the other format has no
# HEALTHCHECK); how to run it: docs/install.md. Built by hand, not by the tests.
FROM debian:12-slim AS build
WORKDIR /tollgate
COPY scripts/lib.sh scripts/lib.sh
RUN bash -c '. scripts/lib.sh && need_packages "${build_packages[@]}"'
COPY CMakeLists.txt CMakePresets.json config.toml ./
COPY cmake cmake
COPY packaging packaging
COPY src src
RUN cmake --preset portable && cmake --build --preset portable --target tollgate && \
    strip build/portable/tollgate

FROM debian:12-slim
RUN apt-get update -q && \
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ca-certificates && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tollgate && \
    install -d -o tollgate -g tollgate -m 0700 /var/lib/tollgate
COPY --from=build /tollgate/build/portable/tollgate /usr/bin/tollgate
COPY config.toml /etc/tollgate/config.toml
COPY LICENSE /usr/share/doc/tollgate/copyright

# Inside a container, loopback is nobody's address but its own. The environment beats the file, so that
# this holds for a configuration of yours, too. Names besides localhost: those that other containers use.
ENV TOLLGATE_AUTHORIZATION_SERVER__LISTEN=0.0.0.0:9100 \
    TOLLGATE_MCP__LISTEN=0.0.0.0:9101 \
    TOLLGATE_SERVER__ALLOWED_HOSTS='["tollgate"]'
EXPOSE 9100 9101
USER tollgate
WORKDIR /etc/tollgate
# Both servers, over http; bash is what the image has to ask with. Behind TLS, give a --health-cmd of yours.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["bash", "-c", "for port in 9100 9101; do exec 3<>/dev/tcp/127.0.0.1/$port && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ] || exit 1; done"]
# The program is process 1 and takes SIGTERM as its own: docker stop ends it with 0.
ENTRYPOINT ["/usr/bin/tollgate"]
CMD ["serve", "--config", "/etc/tollgate/config.toml"]
