# syntax=docker/dockerfile:1

# The service:                docker build --tag chesanto-communications .
# The morning of the demo:    docker build --tag chesanto-communications-demo --target demo .

FROM node:24-bookworm-slim AS node

FROM node AS manifest
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM manifest AS build
# Install scripts stay off, as in a checkout: none is needed.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --prefer-offline
COPY tsconfig.json tsconfig.build.json ./
COPY consumers consumers
COPY src src
COPY dev dev
RUN npm run build \
  && npx tsc -p dev/demo/tsconfig.build.json \
  && find dist -name '*.map' -delete

FROM manifest AS production
# Nothing at run time reads types, source maps and read-me files: 28 of 64 MB. Licences stay.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --prefer-offline \
  && find node_modules -type f \
    \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' \) \
    ! -iname 'licen[cs]e*' -delete

# Debian as in node:24-bookworm-slim, and of Node its one program: npm, Yarn and headers weigh some 40 MB and are
# nothing that a running service should have.
FROM debian:bookworm-slim AS base
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# PostgreSQL's client looks for a home, whoever runs it.
ENV NODE_ENV=production HOME=/app
WORKDIR /app
COPY --from=production /app/node_modules node_modules
COPY package.json ./
COPY bin bin
COPY migrations migrations
COPY schemas schemas
COPY templates templates
COPY --from=build /app/dist/consumers dist/consumers
COPY --from=build /app/dist/src dist/src
RUN ln -s /app/bin/comms.mjs /usr/local/bin/comms \
  && useradd --uid 10001 --user-group --no-create-home --home-dir /app --shell /usr/sbin/nologin comms
# A number, so that Kubernetes can see that it is not root. It owns nothing and writes nowhere.
USER 10001:10001

FROM base AS demo
COPY --from=build /app/dist/dev dist/dev
ENTRYPOINT ["node", "/app/dist/dev/demo/publish-morning.js"]

FROM base AS service
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="Chesanto Communications" \
  org.opencontainers.image.description="Turns the bakery's Kafka domain events into messages, once each, and publishes what became of them" \
  org.opencontainers.image.vendor="Chesanto Bakery" \
  org.opencontainers.image.licenses="LicenseRef-UNLICENSED" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}"
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "/app/bin/probe.mjs", "/livez"]
# node is process 1 and hears SIGTERM itself: it drains, 20 s at most.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/bin/comms.mjs"]
CMD ["start"]
