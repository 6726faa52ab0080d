using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiCd.Actors.Tests.Journal;

/// <summary>Stands between a client and a PostgreSQL server, and cuts connections at the moment that a test names.</summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _links = [];
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();
    private int _nextFault;

    public PostgresProxy(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (settings.Host!, settings.Port);
        _listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = settings.ConnectionString;
        _accepting = AcceptAsync();
    }

    public enum Fault
    {
        None,

        /// <summary>The next request never reaches the server.</summary>
        CutBeforeRequest,

        /// <summary>The server answers the next request in full, and the client hears nothing of it.</summary>
        CutBeforeAnswer,
    }

    public string ConnectionString { get; }

    public void Arm(Fault fault) => Interlocked.Exchange(ref _nextFault, (int)fault);

    /// <summary>Cuts all connections there are; what the server has received it goes on with.</summary>
    public void CutAll()
    {
        var cut = Interlocked.Exchange(ref _cut, new CancellationTokenSource());
        cut.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        await Task.WhenAll(_links);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _links.Add(LinkAsync(client, _cut.Token));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task LinkAsync(TcpClient client, CancellationToken cut)
    {
        using var _ = client;
        using var server = new TcpClient();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cut);
        try
        {
            await server.ConnectAsync(_host, _port, end.Token);
            var swallowed = new Answer();
            var requests = ForwardRequestsAsync(client.GetStream(), server.GetStream(), swallowed, end.Token);
            var answers = ForwardAnswersAsync(server.GetStream(), client.GetStream(), swallowed, end.Token);
            await Task.WhenAny(requests, answers);
            await end.CancelAsync();
            await Task.WhenAll(requests, answers);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // One of the two ends is gone; the other one follows.
            return;
        }
    }

    private async Task ForwardRequestsAsync(NetworkStream client, NetworkStream server, Answer swallowed, CancellationToken end)
    {
        var buffer = new byte[65536];
        for (int read; (read = await client.ReadAsync(buffer, end)) > 0;)
        {
            var fault = (Fault)Interlocked.Exchange(ref _nextFault, (int)Fault.None);
            if (fault == Fault.CutBeforeRequest)
            {
                return;
            }

            swallowed.Begins |= fault == Fault.CutBeforeAnswer;
            await server.WriteAsync(buffer.AsMemory(0, read), end);
        }
    }

    private static async Task ForwardAnswersAsync(NetworkStream server, NetworkStream client, Answer swallowed, CancellationToken end)
    {
        var buffer = new byte[65536];
        for (int read; (read = await server.ReadAsync(buffer, end)) > 0;)
        {
            if (!swallowed.Begins)
            {
                await client.WriteAsync(buffer.AsMemory(0, read), end);
            }
            else if (swallowed.Ends(buffer.AsSpan(0, read)))
            {
                return;
            }
        }
    }

    /// <summary>An answer that is kept from the client; it ends with the message that says "ready for query", which follows the commit.</summary>
    private sealed class Answer
    {
        private const byte ReadyForQuery = (byte)'Z';

        private readonly List<byte> _received = [];

        public volatile bool Begins;

        public bool Ends(ReadOnlySpan<byte> more)
        {
            _received.AddRange(more);
            var bytes = _received.ToArray();
            for (var start = 0; start + 5 <= bytes.Length;)
            {
                if (bytes[start] == ReadyForQuery)
                {
                    return true;
                }

                start += 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start + 1));
            }

            return false;
        }
    }
}
