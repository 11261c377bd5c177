# varnishd -f /etc/varnish/tollgate.vcl -a as=127.0.0.1:8100 -a mcp=127.0.0.1:8101
vcl 4.1;

backend as {
    .host = "127.0.0.1";
    .port = "9100";
}
backend mcp {
    .host = "127.0.0.1";
    .port = "9101";
}
sub vcl_recv {
    set req.backend_hint = mcp;
    if (local.socket == "as") {
        set req.backend_hint = as;
    }
    return (pass);
}
