# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What a restore depends on, apart from the code: packages stay cached until one of these changes.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY src/AiCd.Actors/AiCd.Actors.csproj src/AiCd.Actors/
COPY src/AiCd.Agents/AiCd.Agents.csproj src/AiCd.Agents/
COPY src/AiCd.Forge/AiCd.Forge.csproj src/AiCd.Forge/
COPY src/AiCd.Host/AiCd.Host.csproj src/AiCd.Host/
COPY src/AiCd.Web/AiCd.Web.csproj src/AiCd.Web/
RUN dotnet restore src/AiCd.Host

COPY .editorconfig ./
COPY samples/bugs/ samples/bugs/
COPY tests/cassettes/ tests/cassettes/
COPY src/ src/
RUN dotnet publish src/AiCd.Host --no-restore --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0

# git: workspaces. bubblewrap: the sandbox of commands that a model chose. curl: the health check below.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap ca-certificates curl git ripgrep \
    && rm -rf /var/lib/apt/lists/*

COPY --from=build /app /app

# The base image's own port setting would contradict AiCd__Urls.
ENV PATH=/app:$PATH \
    ASPNETCORE_HTTP_PORTS= \
    AiCd__DataFolder=/data \
    AiCd__Urls=http://0.0.0.0:5080

RUN mkdir /data && chown "$APP_UID:$APP_UID" /data
VOLUME /data
WORKDIR /data
USER $APP_UID
EXPOSE 5080

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:5080/health/live"]

ENTRYPOINT ["aicd"]
CMD ["serve"]
