package org.minip2p.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.config.Setting;
import org.minip2p.host.HostConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Lists the settings of {@code --host-config}. */
@Command(name = "settings", description = "List the limits and time-outs of a host for --host-config.")
final class SettingsCommand implements Callable<Integer> {
    private final Minip2pCommand root;

    SettingsCommand(Minip2pCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        List<Setting<?>> settings = HostConfig.defaults().settings();
        Output output = root.output();
        for (Setting<?> setting : settings) {
            output.text(String.format(
                    "%-40s %s", setting.name() + "=" + setting.defaultText(), "(" + setting.range() + ")"));
            output.text("    " + setting.text());
        }
        output.result(new Report()
                .value(
                        "settings",
                        settings.stream().map(SettingsCommand::values).toList()));
        return ExitCode.OK;
    }

    private static Map<String, @Nullable Object> values(Setting<?> setting) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("name", setting.name());
        values.put("default", setting.defaultText());
        values.put("range", setting.range());
        values.put("text", setting.text());
        return values;
    }
}
