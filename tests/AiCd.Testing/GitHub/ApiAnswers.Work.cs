using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiCd.Testing.GitHub;

/// <summary>Issues, pull requests, checks.</summary>
internal sealed partial class ApiAnswers
{
    private ApiAnswer Issues(RecordedRequest request, FakeRepository repository, string[] rest, Caller caller)
    {
        if (!repository.HasIssues)
        {
            return Error(410, "Issues has been disabled in this repository.");
        }

        if (request.Method != "GET" && !caller.May(repository, "issues"))
        {
            return Error(403, "Resource not accessible by integration");
        }

        if (rest is [])
        {
            var labels = request.Query.GetValueOrDefault("labels", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
            return Page(request, repository.Issues.Where(issue => issue.State == request.Query.GetValueOrDefault("state", "open") && labels.All(label => issue.Labels.Contains(label, StringComparer.OrdinalIgnoreCase)))
                .Select(issue => Shapes.Issue(fake, repository, issue)));
        }

        if (rest is ["comments"])
        {
            return CommentsSince(request, repository);
        }

        if (rest is ["comments", var commentId])
        {
            return Comment(request, repository, long.Parse(commentId, CultureInfo.InvariantCulture), caller);
        }

        var number = int.Parse(rest[0], CultureInfo.InvariantCulture);
        var found = repository.Issues.FirstOrDefault(issue => issue.Number == number);
        var pull = repository.Pulls.FirstOrDefault(pull => pull.Number == number);
        return (found, rest[1..]) switch
        {
            (null, ["labels"]) when pull is not null => Extend(request, pull.Labels, "labels"),
            (null, ["assignees"]) when pull is not null => Extend(request, pull.Assignees, "assignees"),
            (null, _) => Error(404, "Not Found"),
            ({ } issue, []) => new ApiAnswer(200, Shapes.Issue(fake, repository, issue)),
            ({ } issue, ["events"]) => Page(request, issue.Labelings.Select(Shapes.Labeling)),
            ({ } issue, ["comments"]) when request.Method == "GET" => Page(request, issue.Comments.Select(comment => Shapes.Comment(fake, repository, issue, comment))),
            ({ } issue, ["comments"]) => AddComment(request, repository, issue, caller),
            ({ } issue, ["labels"]) => Extend(request, issue.Labels, "labels"),
            ({ } issue, ["assignees"]) => Extend(request, issue.Assignees, "assignees"),
            _ => Error(404, "Not Found"),
        };
    }

    private ApiAnswer AddComment(RecordedRequest request, FakeRepository repository, FakeIssue issue, Caller caller)
    {
        var comment = new FakeComment(fake.NextId(), caller.Login, caller.Installation is not null, fake.Clock.GetUtcNow()) { Body = Text(request, "body")! };
        comment.History.Add(comment.Body);
        issue.Comments.Add(comment);
        return new ApiAnswer(201, Shapes.Comment(fake, repository, issue, comment));
    }

    private ApiAnswer CommentsSince(RecordedRequest request, FakeRepository repository)
    {
        var since = request.Query.TryGetValue("since", out var given) ? DateTimeOffset.Parse(given, CultureInfo.InvariantCulture) : DateTimeOffset.MinValue;
        return Page(request, repository.Issues
            .SelectMany(issue => issue.Comments.Select(comment => (issue, comment)))
            .Where(entry => entry.comment.UpdatedAt >= since)
            .OrderBy(entry => entry.comment.UpdatedAt)
            .Select(entry => Shapes.Comment(fake, repository, entry.issue, entry.comment)));
    }

    private ApiAnswer Comment(RecordedRequest request, FakeRepository repository, long id, Caller caller)
    {
        var issue = repository.Issues.FirstOrDefault(issue => issue.Comments.Any(comment => comment.Id == id));
        if (issue?.Comments.First(comment => comment.Id == id) is not { } found)
        {
            return Error(404, "Not Found");
        }

        if (found.Author != caller.Login)
        {
            return Error(403, "Must have admin rights to Repository.");
        }

        if (request.Method == "DELETE")
        {
            issue.Comments.Remove(found);
            return new ApiAnswer(204, null);
        }

        found.Body = Text(request, "body")!;
        found.UpdatedAt = fake.Clock.GetUtcNow();
        found.History.Add(found.Body);
        return new ApiAnswer(200, Shapes.Comment(fake, repository, issue, found));
    }

    private static ApiAnswer Extend(RecordedRequest request, List<string> names, string field)
    {
        names.AddRange(request.Body.GetProperty(field).EnumerateArray().Select(name => name.GetString()!).Where(name => !names.Contains(name)));
        return new ApiAnswer(200, new JsonArray([.. names.Select(name => (JsonNode)new JsonObject { ["name"] = name })]));
    }

    private ApiAnswer Pulls(RecordedRequest request, FakeRepository repository, string[] rest, Caller caller)
    {
        if (rest is [])
        {
            var head = request.Query.GetValueOrDefault("head");
            var state = request.Query.GetValueOrDefault("state", "open");
            return Page(request, repository.Pulls
                .Where(pull => (head is null || head == $"{pull.HeadRepository.Owner}:{pull.Branch}") && (state == "all" || pull.State == state))
                .OrderByDescending(pull => pull.Number)
                .Select(pull => Shapes.Pull(fake, repository, pull)));
        }

        if (repository.Pulls.FirstOrDefault(pull => pull.Number.ToString(CultureInfo.InvariantCulture) == rest[0]) is not { } found)
        {
            return Error(404, "Not Found");
        }

        if (request.Method != "GET" && !caller.May(repository, "pull_requests"))
        {
            return Error(403, "Resource not accessible by integration");
        }

        if (rest is [_, "reviews"])
        {
            return Page(request, found.Reviews.Select(Shapes.Review));
        }

        if (rest is [_, "comments"])
        {
            return Page(request, found.Reviews.SelectMany(Shapes.ReviewComments));
        }

        if (rest is [_, "requested_reviewers"])
        {
            found.Reviewers.AddRange(request.Body.GetProperty("reviewers").EnumerateArray().Select(name => name.GetString()!));
            return new ApiAnswer(201, Shapes.Pull(fake, repository, found));
        }

        if (request.Method == "GET")
        {
            return new ApiAnswer(200, Shapes.Pull(fake, repository, found));
        }

        found.Title = Text(request, "title") ?? found.Title;
        found.Body = Text(request, "body") ?? found.Body;
        found.State = Text(request, "state") ?? found.State;
        return new ApiAnswer(200, Shapes.Pull(fake, repository, found));
    }

    private async Task<ApiAnswer> CreatePullAsync(RecordedRequest request, FakeRepository repository, Caller caller)
    {
        if (!caller.May(repository, "pull_requests"))
        {
            return Error(403, "Resource not accessible by integration");
        }

        var head = Text(request, "head")!.Split(':');
        var owner = head.Length == 2 ? head[0] : repository.Owner;
        var source = fake.Repositories.FirstOrDefault(candidate => candidate.Owner == owner && (candidate == repository || candidate.Parent == repository));
        var target = Text(request, "base")!;
        if (source is null || !(await source.Git.ListBranchesAsync()).Contains(head[^1]) || !(await repository.Git.ListBranchesAsync()).Contains(target))
        {
            return Error(422, "Validation Failed", "head or base is invalid");
        }

        lock (fake.Gate)
        {
            if (repository.Pulls.Any(pull => pull.State == "open" && pull.HeadRepository == source && pull.Branch == head[^1] && pull.Base == target))
            {
                return Error(422, "Validation Failed", $"A pull request already exists for {owner}:{head[^1]}.");
            }

            var created = new FakePull
            {
                Number = repository.NextNumber,
                Title = Text(request, "title")!,
                Body = Text(request, "body") ?? "",
                Author = caller.Login,
                Base = target,
                HeadRepository = source,
                Branch = head[^1],
                Draft = request.Body.TryGetProperty("draft", out var draft) && draft.GetBoolean(),
            };
            repository.Pulls.Add(created);
            return new ApiAnswer(201, Shapes.Pull(fake, repository, created));
        }
    }

    private ApiAnswer Checks(RecordedRequest request, FakeRepository repository, string[] rest, Caller caller)
    {
        if (rest is ["commits", var checkedSha, "check-runs"])
        {
            var name = request.Query.GetValueOrDefault("check_name");
            var runs = repository.Checks.Where(check => check.Sha == checkedSha && (name is null || check.Name == name)).ToList();
            return Page(request, runs.Select(check => Shapes.Check(fake, repository, check)), page => new JsonObject { ["total_count"] = runs.Count, ["check_runs"] = page });
        }

        if (rest is ["commits", var sha, "statuses"])
        {
            return Page(request, repository.Statuses.Where(status => status.Sha == sha).Reverse().Select(Shapes.Status));
        }

        if (rest is ["statuses", var commit])
        {
            if (!caller.May(repository, "statuses"))
            {
                return Error(403, "Resource not accessible by personal access token");
            }

            var status = new FakeStatus(fake.NextId(), commit, Text(request, "state")!, Text(request, "context") ?? "default", Text(request, "description") ?? "");
            repository.Statuses.Add(status);
            return new ApiAnswer(201, Shapes.Status(status));
        }

        if (caller.Installation is null || !caller.May(repository, "checks"))
        {
            return Error(403, "You must authenticate via a GitHub App.");
        }

        var run = rest is ["check-runs", var id]
            ? repository.Checks.FirstOrDefault(check => check.Id.ToString(CultureInfo.InvariantCulture) == id)
            : new FakeCheck { Id = fake.NextId(), Sha = Text(request, "head_sha")!, Name = Text(request, "name")! };
        if (run is null)
        {
            return Error(404, "Not Found");
        }

        if (request.Method == "POST")
        {
            repository.Checks.Add(run);
        }

        run.Name = Text(request, "name") ?? run.Name;
        run.ExternalId = Text(request, "external_id") ?? run.ExternalId;
        run.Conclusion = Text(request, "conclusion") ?? run.Conclusion;
        if (request.Body.TryGetProperty("output", out var output))
        {
            run.Summary = output.GetProperty("summary").GetString()!;
            run.Text = output.TryGetProperty("text", out var text) ? text.GetString()! : "";
        }

        return new ApiAnswer(request.Method == "POST" ? 201 : 200, Shapes.Check(fake, repository, run));
    }

    private static string? Text(RecordedRequest request, string field) =>
        request.Body.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
