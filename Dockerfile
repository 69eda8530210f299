# One side of the public libp2p transport tests, of either contract (interop/README.md): the environment says which.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /minip2p
COPY . .
RUN mvn -q -B -DskipTests -Dspotless.check.skip=true -Djacoco.skip=true package -pl cli -am

FROM eclipse-temurin:17-jre
COPY --from=build /minip2p/cli/target/minip2p-cli.jar /opt/minip2p/
COPY --from=build /minip2p/cli/target/lib/ /opt/minip2p/lib/
ENTRYPOINT ["java", "-Xshare:auto", "-cp", "/opt/minip2p/minip2p-cli.jar:/opt/minip2p/lib/*", "org.minip2p.cli.Cli", "interop-test"]
