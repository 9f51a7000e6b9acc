package io.metricstream.server;

import io.metricstream.api.QueryReply;
import io.metricstream.ask.AskException;
import io.metricstream.ask.ErrorPlace;
import io.metricstream.ask.QueryClient;
import io.metricstream.ask.ResultChart;
import io.metricstream.ask.ResultCsv;
import io.metricstream.ask.ResultTable;
import io.metricstream.config.ServerConfig;
import io.metricstream.export.FolderSamples;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.promql.engine.QueryEngine;
import io.metricstream.promql.engine.QueryException;
import io.metricstream.promql.engine.QueryLimits;
import io.metricstream.promql.engine.QueryRequest;
import io.metricstream.promql.engine.QueryResult;
import io.metricstream.select.Cancellation;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a server, or a data folder itself, a query. */
@Command(
        name = "query",
        description =
                "Asks a server a query in PromQL, or computes it from a data folder, while a server runs on it or not; shows what"
                        + " it comes to, at one moment or over a range. Warnings and infos go to standard error.")
@OwnedBy(Role.MAIN)
final class QueryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private QueryOptions options;

    @Mixin
    private ServerOptions server;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Compute the query from this data folder, within the limits of the settings query....")
    private @Nullable Path data;

    /** What a query came to, and what was left out because it is damaged. */
    private record Found(QueryResult result, List<String> damages) {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var problems = new OptionProblems();
        QueryRequest asked = options.asked(EpochClock.system().millis(), problems);
        QueryFormat format = options.format(problems);
        Path folder = data;
        if (folder != null) {
            DataFolders.problem(folder).ifPresent(problem -> problems.add("--data: " + problem));
            if (server.areGiven()) {
                problems.add("--data: found with --server or a key, wanted one or the other");
            }
        }
        var client = new QueryClient(server.address(problems), server.authorization(problems));
        problems.tell();
        Found found = folder == null
                ? askServer(client, asked)
                : askFolder(folder, ServerConfig.queries(configuration.settings()), asked);
        tell(found);
        show(found.result(), asked, format);
        return found.damages().isEmpty() ? ExitCode.OK : ExitCode.DAMAGE;
    }

    private static Found askServer(QueryClient client, QueryRequest asked) throws CommandFailure, InterruptedException {
        try {
            return new Found(client.run(asked), List.of());
        } catch (AskException e) {
            throw failure(String.valueOf(e.getMessage()), e.isRefused(), asked);
        }
    }

    private static Found askFolder(Path folder, QueryLimits limits, QueryRequest asked) throws CommandFailure {
        try (FolderSamples samples = FolderSamples.open(new RealDisk(), folder)) {
            var engine = new QueryEngine(limits, NanoClock.system());
            QueryResult result = engine.run(asked, samples, new Cancellation());
            return new Found(result, samples.damages());
        } catch (QueryException e) {
            throw failure(String.valueOf(e.getMessage()), e.kind() == QueryException.Kind.BAD_DATA, asked);
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }

    private static CommandFailure failure(String message, boolean wrongQuery, QueryRequest asked) {
        String shown = ErrorPlace.show(message, asked.query());
        return wrongQuery ? CommandFailure.usage(shown) : CommandFailure.failed(shown);
    }

    private void tell(Found found) {
        PrintWriter err = spec.commandLine().getErr();
        found.result().warnings().forEach(warning -> err.println("metricstream: warning: " + warning));
        found.result().infos().forEach(info -> err.println("metricstream: info: " + info));
        found.damages().forEach(damage -> err.println("metricstream: cannot be read and is left out: " + damage));
        err.flush();
    }

    private void show(QueryResult result, QueryRequest asked, QueryFormat format) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case TABLE -> ResultTable.write(result, out);
            case CSV -> ResultCsv.write(result, out);
            case CHART -> ResultChart.write(asked, result.series(), Terminal.columns(spec), Terminal.hasColors(), out);
            case JSON -> {
                var json = new ByteArrayOutputStream();
                QueryReply.write(json, result);
                out.print(json.toString(StandardCharsets.UTF_8) + "\n");
            }
        }
        out.flush();
    }
}
